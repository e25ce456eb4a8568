"""Who is signed in: a signed cookie instead of the token, so that no page, script or address ever holds the token.

The cookie says until when it counts, and is signed (HMAC-SHA256, RFC 2104) with a key made from the secretariat's
token: a new token ends all sessions, and the server keeps nothing. What a form sends carries a second signature of
the same session, which a page of another site cannot know.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from kg.errors import MeguriError
from search_api.desk.actors import Actor, actor_of, require_secretariat
from search_api.settings import Settings

COOKIE = "meguri_secretariat"
SECONDS = 12 * 3_600
_PURPOSE = b"meguri secretariat session"


@dataclass(frozen=True)
class Session:
    """A signed-in secretariat; ``form_key`` stands hidden in each form of its pages."""

    actor: Actor
    form_key: str


def sign_in(settings: Settings, token: str) -> str:
    """The cookie for the bearer of the secretariat's token.

    Raises MeguriError: what ``actor_of`` raises, and ``not_allowed`` for a submitter's token.
    """
    require_secretariat(actor_of(settings, token))
    named = f"{int(time.time()) + SECONDS}.{secrets.token_hex(16)}"
    return f"{named}.{_signed(settings, 'session', named)}"


def session_of(settings: Settings, cookie: str | None) -> Session | None:
    """The session of a cookie; None where it is missing, ended, not ours, or of a token that was changed."""
    if settings.api_token is None or not cookie or not cookie.isascii():
        return None
    named, _, signature = cookie.rpartition(".")
    if not hmac.compare_digest(signature, _signed(settings, "session", named)):
        return None
    if int(named.partition(".")[0]) < time.time():
        return None
    actor = actor_of(settings, settings.api_token.get_secret_value())
    return Session(actor, _signed(settings, "form", named))


def require_form_key(session: Session, sent: str) -> None:
    """MeguriError (``form_foreign``) where a form does not come from this session's pages."""
    if not hmac.compare_digest(session.form_key.encode(), sent.encode()):
        raise form_foreign()


def form_foreign() -> MeguriError:
    """What was sent does not come from a page of this site, or from one that was opened before signing in."""
    return MeguriError(
        code="form_foreign",
        en="Nothing was changed: this form was not sent from a page that you opened since you signed in.",
        ja="何も変更していません。ログイン後に開いたページから送られたものではありません。",
        remedy_en="Open the page again and send the form from there.",
        remedy_ja="ページを開き直して、もう一度送ってください。",
    )


def _signed(settings: Settings, what: str, named: str) -> str:
    assert settings.api_token is not None
    key = hmac.digest(settings.api_token.get_secret_value().encode(), _PURPOSE, hashlib.sha256)
    return hmac.new(key, f"{what}.{named}".encode(), hashlib.sha256).hexdigest()
