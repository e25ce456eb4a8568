"""Takes from a worker process what a query must not have: the network, new programs, files, precedence, core dumps.

A seccomp filter needs no privilege (Linux 3.17); where there is none the refusal of SERVICE before dispatch stands
alone, and ``meguri doctor`` says so. seccomp(2), https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import os
import sys

# audit architecture, then the numbers of: socket, connect, execve, execveat, io_uring_setup, ptrace
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 425, 101)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 425, 117)),
}
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_KILL, _ALLOW, _DENY = 0x80000000, 0x7FFF0000, 0x00050000 | 13  # the last one: the call fails with EACCES
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32 = 0x40000000


def close_off(*, network: bool, nice: int) -> bool:
    """Give up files, core dumps, sockets unless ``network``, and precedence down to ``nice`` (19 is the lowest).

    Tells whether the filter could be set.
    """
    _lower(nice)
    return not network and _filter()


def filter_possible() -> bool:
    """Whether this system has the filter for workers without network."""
    return sys.platform == "linux" and os.uname().machine in _CALLS


def _lower(nice: int) -> None:
    import resource  # noqa: PLC0415  (absent on Windows)

    os.setpriority(os.PRIO_PROCESS, 0, max(nice, os.getpriority(os.PRIO_PROCESS, 0)))
    for name in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(name, (0, 0))
    try:
        with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123  (pathlib would be imported for this line)
            file.write("1000")
    except OSError:
        pass


def _filter() -> bool:
    if not filter_possible():
        return False
    import ctypes  # noqa: PLC0415

    audit, calls = _CALLS[os.uname().machine]
    program = b"".join(_instructions(audit, calls))
    buffer = ctypes.create_string_buffer(program)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    libc = ctypes.CDLL(None, use_errno=True)
    block = Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p).value)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(block), 0, 0) == 0)


def _instructions(audit: int, calls: tuple[int, ...]) -> list[bytes]:
    """A BPF program: another architecture is killed, the calls named fail, all else passes."""
    count = len(calls)
    lines = [
        _line(_LOAD, 0, 0, 4),
        _line(_EQUAL, 1, 0, audit),
        _line(_RETURN, 0, 0, _KILL),
        _line(_LOAD, 0, 0, 0),
        _line(_AT_LEAST, count + 1, 0, _X32),  # x32 calls on x86_64 go by other numbers
    ]
    lines += [_line(_EQUAL, count - at, 0, number) for at, number in enumerate(calls)]
    return [*lines, _line(_RETURN, 0, 0, _ALLOW), _line(_RETURN, 0, 0, _DENY)]


def _line(code: int, when: int, otherwise: int, value: int) -> bytes:
    return code.to_bytes(2, "little") + bytes((when, otherwise)) + value.to_bytes(4, "little")
