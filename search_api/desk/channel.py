"""Commands reach the desk of a running server over a private Unix socket: one JSON object a line, both ways.

The data folder names the socket in ``serving.json``. It lies in a folder of its own that only its owner may enter
(a path inside of the data folder could be too long for a socket), so whoever reaches it might read and write the
data folder anyhow.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import socketserver
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

from kg.errors import MeguriError
from kg.files import write_atomically

FILE = "serving.json"
PROTOCOL = 1
MAX_LINE = 64 * 2**20
Said = Callable[[int, int, str], None]
Carry = Callable[[str, dict[str, Any], Said], Any]
_log = logging.getLogger(__name__)


class _Handler(socketserver.StreamRequestHandler):
    """One command: what it says while it works, then its result or its error."""

    server: _Server

    def handle(self) -> None:
        line = self.rfile.readline(MAX_LINE)
        try:
            asked = json.loads(line)
            result = self.server.carry(asked["command"], asked["arguments"], self._say)
            self._send({"result": result})
        except (BrokenPipeError, ConnectionResetError):
            _log.info("A command went away before it was answered")
        except MeguriError as error:
            self._send({"error": error_as_json(error)})
        except Exception as error:
            _log.exception("A command failed")
            self._send({"fault": f"{type(error).__name__}: {error}"})

    def _say(self, done: int, total: int, text: str) -> None:
        self._send({"progress": [done, total, text]})

    def _send(self, what: object) -> None:
        self.wfile.write(json.dumps(what, ensure_ascii=False).encode() + b"\n")


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = True

    def __init__(self, address: str, carry: Carry) -> None:
        self.carry = carry
        super().__init__(address, _Handler)


@contextmanager
def listening(data: Path, carry: Carry) -> Iterator[None]:
    """While this is open, ``ask`` on the data folder reaches ``carry``."""
    _forget_dead(data)
    folder = Path(tempfile.mkdtemp(prefix="meguri-desk-"))  # mode 700
    server = _Server(str(folder / "socket"), carry)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, name="desk", daemon=True)
    thread.start()
    description = {"protocol": PROTOCOL, "pid": os.getpid(), "socket": str(folder / "socket")}
    write_atomically(data / FILE, json.dumps(description).encode())
    try:
        yield
    finally:
        (data / FILE).unlink(missing_ok=True)
        server.shutdown()
        server.server_close()
        thread.join()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def reaching(data: Path) -> Iterator[Carry | None]:
    """A way to the desk of the server that serves this folder; None where none does."""
    described = _described(data)
    connection = socket.socket(socket.AF_UNIX)
    with connection:
        try:
            connection.connect(described.get("socket", ""))
        except OSError:
            yield None
            return
        if described.get("protocol") != PROTOCOL:
            raise _other_version()
        yield lambda command, arguments, said: _ask(connection, command, arguments, said)


def error_as_json(error: MeguriError) -> dict[str, str]:
    """An expected failure as it crosses the socket."""
    return {name: getattr(error, name) for name in ("code", "en", "ja", "remedy_en", "remedy_ja")}


def _ask(connection: socket.socket, command: str, arguments: dict[str, Any], said: Said) -> Any:
    with suppress(BrokenPipeError):
        connection.sendall(json.dumps({"command": command, "arguments": arguments}).encode() + b"\n")
    with connection.makefile("rb") as answers, suppress(ConnectionResetError):
        for line in answers:
            answer = json.loads(line)
            if "progress" in answer:
                said(*answer["progress"])
            elif "error" in answer:
                raise MeguriError(**answer["error"])
            elif "fault" in answer:
                raise RuntimeError(f"in the server: {answer['fault']}")
            else:
                return answer["result"]
    raise _gone()


def _described(data: Path) -> dict[str, Any]:
    try:
        described = json.loads((data / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return described if isinstance(described, dict) else {}


def _forget_dead(data: Path) -> None:
    """What a killed server left: its socket's folder, told by our prefix."""
    folder = Path(_described(data).get("socket", "")).parent
    if folder.name.startswith("meguri-desk-"):
        shutil.rmtree(folder, ignore_errors=True)
    (data / FILE).unlink(missing_ok=True)


def _gone() -> MeguriError:
    return MeguriError(
        code="server_gone",
        en="The server ended while it carried out the command.",
        ja="コマンドの実行中にサーバーが終了しました。",
        remedy_en="Run the command once more: what was stored stays, and is not stored twice.",
        remedy_ja="もう一度コマンドを実行してください。保存済みのものは残り、二重には保存されません。",
    )


def _other_version() -> MeguriError:
    return MeguriError(
        code="server_version",
        en="The running server is of another version of Meguri.",
        ja="動作中のサーバーは、別の版の Meguri です。",
        remedy_en="Use the command of the same installation, or start the server again with this one.",
        remedy_ja="同じ版のコマンドを使うか、この版でサーバーを起動し直してください。",
    )
