"""Who may write: the secretariat by its token, and submitters by theirs, whose registrations wait for review."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from kg.errors import MeguriError
from search_api.settings import Settings

SECRETARIAT = "secretariat"


@dataclass(frozen=True)
class Actor:
    """Who does something; what a ``trusted`` one registers is published at once."""

    name: str
    trusted: bool


def actor_of(settings: Settings, token: str | None) -> Actor:
    """The bearer of a token. Raises MeguriError: ``writing_closed``, ``token_missing``, ``token_wrong``."""
    known = _known(settings)
    if not known:
        raise _closed()
    if not token:
        raise _missing()
    # every token is compared in full, so that the time taken says nothing of any
    found = [actor for secret, actor in known if hmac.compare_digest(secret.encode(), token.encode())]
    if not found:
        raise _wrong()
    return found[0]


def require_secretariat(actor: Actor) -> None:
    """MeguriError (``not_allowed``) for anybody else."""
    if not actor.trusted:
        raise MeguriError(
            code="not_allowed",
            en=f"{actor.name} may submit registrations, and nothing else.",
            ja=f"{actor.name} に許可されているのは登録の提出だけです。",
            remedy_en="Ask the secretariat to do this.",
            remedy_ja="事務局に依頼してください。",
        )


def _known(settings: Settings) -> list[tuple[str, Actor]]:
    known = []
    if settings.api_token:
        known.append((settings.api_token.get_secret_value(), Actor(SECRETARIAT, trusted=True)))
    listed = settings.submit_tokens.get_secret_value() if settings.submit_tokens else ""
    for pair in filter(None, (part.strip() for part in listed.split(","))):
        name, _, token = pair.partition("=")
        if not name.strip() or not token.strip() or name.strip() == SECRETARIAT:
            raise _unreadable()
        known.append((token.strip(), Actor(name.strip()[:120], trusted=False)))
    return known


def _unreadable() -> MeguriError:
    return MeguriError(
        code="setting_invalid",
        en="The setting MEGURI_SUBMIT_TOKENS cannot be read.",
        ja="設定 MEGURI_SUBMIT_TOKENS を読み取れません。",
        remedy_en="Write it as NAME=TOKEN,NAME=TOKEN.",
        remedy_ja="「名前=トークン,名前=トークン」の形で書いてください。",
    )


def _closed() -> MeguriError:
    return MeguriError(
        code="writing_closed",
        en="This server accepts no registrations: its operator has set no token.",
        ja="このサーバーは登録を受け付けていません（運営者がトークンを設定していません）。",
        remedy_en="The operator opens writing by setting MEGURI_API_TOKEN and starting the server again.",
        remedy_ja="運営者が MEGURI_API_TOKEN を設定してサーバーを起動し直すと受け付けます。",
    )


def _missing() -> MeguriError:
    return MeguriError(
        code="token_missing",
        en="Writing needs a token, and the request has none.",
        ja="書き込みにはトークンが必要ですが、要求に付いていません。",
        remedy_en="Send the header `Authorization: Bearer TOKEN`; never put a token into an address.",
        remedy_ja="ヘッダー `Authorization: Bearer トークン` を付けてください（アドレスには書かないでください）。",
    )


def _wrong() -> MeguriError:
    return MeguriError(
        code="token_wrong",
        en="The token of this request is not known here.",
        ja="この要求のトークンは登録されていません。",
        remedy_en="Check the token, or ask the operator for a new one.",
        remedy_ja="トークンを確認するか、運営者に新しいものを依頼してください。",
    )
