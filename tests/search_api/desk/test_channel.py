"""Commands reach a running server's desk, say what they do, and fail clearly."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from kg.errors import MeguriError
from search_api.desk.channel import FILE, Said, listening, reaching


def carry(command: str, arguments: dict[str, Any], said: Said) -> Any:
    if command == "fail":
        raise MeguriError(code="no", en="No.", ja="いいえ。", remedy_en="Try yes.", remedy_ja="はいと言う。")
    if command == "break":
        raise ZeroDivisionError("deep inside")
    said(1, 2, "半分")
    said(2, 2, "全部")
    return {"echo": arguments}


def ask(data: Path, command: str, said: list[tuple[int, int, str]] | None = None, **arguments: Any) -> Any:
    with reaching(data) as way:
        assert way is not None
        return way(command, arguments, lambda *what: said.append(what) if said is not None else None)


def test_progress_and_result_come_back(tmp_path: Path) -> None:
    said: list[tuple[int, int, str]] = []
    with listening(tmp_path, carry):
        assert ask(tmp_path, "do", said, text="漢字\n改行") == {"echo": {"text": "漢字\n改行"}}
    assert said == [(1, 2, "半分"), (2, 2, "全部")]


def test_an_expected_failure_crosses_whole(tmp_path: Path) -> None:
    with listening(tmp_path, carry), pytest.raises(MeguriError) as caught:
        ask(tmp_path, "fail")
    error = caught.value
    assert (error.code, error.en, error.ja, error.remedy_en, error.remedy_ja) == (
        "no",
        "No.",
        "いいえ。",
        "Try yes.",
        "はいと言う。",
    )


def test_a_fault_of_the_server_is_named_and_the_server_lives(tmp_path: Path) -> None:
    with listening(tmp_path, carry):
        with pytest.raises(RuntimeError, match="deep inside"):
            ask(tmp_path, "break")
        assert ask(tmp_path, "do") == {"echo": {}}


def test_nobody_else_may_reach_it(tmp_path: Path) -> None:
    with listening(tmp_path, carry):
        folder = Path(json.loads((tmp_path / FILE).read_text())["socket"]).parent
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_server_there_is_no_way(tmp_path: Path) -> None:
    with reaching(tmp_path) as way:
        assert way is None
    with listening(tmp_path, carry):
        pass
    assert not (tmp_path / FILE).exists()
    with reaching(tmp_path) as way:
        assert way is None


@pytest.mark.parametrize("content", ["", "[]", '{"socket": "/nowhere/meguri-desk-x/socket", "protocol": 1}', "{"])
def test_what_a_killed_server_left_is_no_server(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(content)
    with reaching(tmp_path) as way:
        assert way is None
    with listening(tmp_path, carry):
        assert ask(tmp_path, "do") == {"echo": {}}


def test_a_server_of_another_version_is_named(tmp_path: Path) -> None:
    with listening(tmp_path, carry):
        described = json.loads((tmp_path / FILE).read_text())
        (tmp_path / FILE).write_text(json.dumps(described | {"protocol": 99}))
        with pytest.raises(MeguriError) as caught:
            ask(tmp_path, "do")
    assert caught.value.code == "server_version"


def test_a_server_that_ends_meanwhile_is_named(tmp_path: Path) -> None:
    import socket
    from threading import Thread

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        (tmp_path / FILE).write_text(json.dumps({"protocol": 1, "socket": str(tmp_path / "s")}))
        closing = Thread(target=lambda: listener.accept()[0].close())
        closing.start()
        with pytest.raises(MeguriError) as caught:
            ask(tmp_path, "do")
        closing.join()
    assert caught.value.code == "server_gone"
