"""Runs a query in a process of its own on a snapshot, so that it can be ended: the engine cannot cancel one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from kg.errors import MeguriError

# what may hide a keyword, or look like one: IRIs, the four forms of strings, comments, variables, prefixed names
_HIDING = re.compile(
    r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n]*"
    r"|[?$]\w+|[\w.-]*:[\w.%-]*",
    re.DOTALL,
)
_FETCHING = re.compile(r"\b(SERVICE|LOAD)\b", re.IGNORECASE)


def refuse_fetching(query: str) -> None:
    """MeguriError (``query_fetches``) for SERVICE and LOAD, with which the engine would fetch from anywhere."""
    found = _FETCHING.search(_HIDING.sub(" ", query))
    if found:
        raise MeguriError(
            code="query_fetches",
            en=f"{found[1].upper()} is not allowed: queries do not fetch from other places.",
            ja=f"{found[1].upper()} は使えません。クエリから外部のデータは取得しません。",
            remedy_en="Download the other data and join it on your side.",
            remedy_ja="外部のデータは取得してから、手元で結合してください。",
        )


def run_query(snapshot: Path, query: str, formats: tuple[str, str], timeout: float) -> bytes:
    """The serialized answer of a query on a snapshot; ``formats`` are those for solutions and for graphs.

    Raises MeguriError: ``query_fetches``, ``query_invalid``, ``query_timeout`` (``timeout`` in seconds).
    """
    refuse_fetching(query)
    command = [sys.executable, "-m", "kg.sparql_worker", str(snapshot), *formats]
    try:
        done = subprocess.run(command, input=query.encode(), capture_output=True, timeout=timeout, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise _timeout(timeout) from error
    if done.returncode:
        raise _failed(done.stderr.decode(errors="replace").strip())
    return done.stdout


def _timeout(seconds: float) -> MeguriError:
    return MeguriError(
        code="query_timeout",
        en=f"The query was ended after {seconds:g} seconds.",
        ja=f"クエリを {seconds:g} 秒で打ち切りました。",
        remedy_en="Ask for less (LIMIT, fewer OPTIONALs, no unconnected patterns), or allow more with --timeout.",
        remedy_ja="LIMIT を付ける、つながりのない条件を減らすなどして絞るか、--timeout で時間を延ばしてください。",
    )


def _failed(detail: str) -> MeguriError:
    return MeguriError(
        code="query_invalid",
        en=f"The SPARQL query failed: {detail}",
        ja=f"SPARQL クエリを実行できません: {detail}",
        remedy_en="Check the query at the place that the message names.",
        remedy_ja="メッセージが示す箇所を確認してください。",
    )
