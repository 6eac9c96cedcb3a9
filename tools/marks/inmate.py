"""What runs inside the sandbox: the chapter's own cells once, then a fork for each answer.

A server that reads one JSON request a line and writes one JSON line back. It holds nothing worth
stealing: no expected value, no check, no solution is ever sent to it. Each answer runs in a fork
of its own, with limits, that cannot start processes, signal others or write a file; what it prints
is counted and thrown away but for its beginning. Standard library, and ``values`` beside this file.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import json
import os
import platform
import resource
import select
import shutil
import signal
import struct
import sys
import time
import traceback
import warnings
from copy import deepcopy
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from values import Strange, line, unpack  # type: ignore[import-not-found]

MEMORY = 1 << 30
"""Bytes that an answer may take beside what the chapter's own cells took."""
PRINTED = 2_000
MOST = 4_000_000
"""Bytes printed after which an answer is stopped."""
KEPT = 400_000
"""Bytes of results that are read of a fork."""
ANSWER = "answer"
"""The name of the file that a student's cell is, in tracebacks."""

# Calls of the system that an answer is refused: (x86_64, aarch64).
REFUSED = [
    (57, -1), (58, -1),  # fork, vfork
    (59, 221), (322, 281),  # execve, execveat
    (62, 129), (200, 130), (234, 131),  # kill, tkill, tgkill
    (129, 138), (297, 240),  # rt_sigqueueinfo, rt_tgsigqueueinfo
    (434, 434), (424, 424), (438, 438),  # pidfd_open, pidfd_send_signal, pidfd_getfd
    (101, 117), (310, 270), (311, 271),  # ptrace, process_vm_readv, process_vm_writev
    (272, 97), (308, 268), (165, 40),  # unshare, setns, mount
    (321, 280), (323, 282), (298, 241), (425, 425),  # bpf, userfaultfd, perf_event_open, io_uring_setup
    (248, 217), (249, 218), (250, 219),  # add_key, request_key, keyctl
    (141, 140), (142, 118), (144, 119), (203, 122), (314, 274),  # setpriority, sched_set...
]  # fmt: skip
MACHINES = {"x86_64": (0, 0xC000003E, 56, 302), "aarch64": (1, 0xC00000B7, 220, 261)}
"""Of each processor: its column above, its name for the filter, its clone and prlimit64."""
EPERM, ENOSYS = 1, 38


def program(machine: str) -> bytes | None:
    """Return the filter of system calls for a processor, None for one that is not known."""
    if machine not in MACHINES:
        return None
    column, audit, clone, prlimit = MACHINES[machine]
    load, same, least, some, give = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, no = (give, 0, 0, 0x7FFF0000), (give, 0, 0, 0x00050000 | EPERM)
    steps = [
        (load, 0, 0, 4), (same, 1, 0, audit), no,  # another processor's calls
        (load, 0, 0, 0), (least, 0, 1, 0x40000000), no,  # calls of the x32 kind
        (same, 0, 1, 435), (give, 0, 0, 0x00050000 | ENOSYS),  # clone3: libc then asks by clone
    ]  # fmt: skip
    for number in (both[column] for both in REFUSED):
        if number >= 0:
            steps += [(same, 0, 1, number), no]
    steps += [
        (same, 0, 4, clone), (load, 0, 0, 16), (some, 0, 1, 0x10000), allow, no,  # threads only
        (same, 0, 3, prlimit), (load, 0, 0, 16), (same, 1, 0, 0), no,  # one's own limits only
        allow,
    ]  # fmt: skip
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def lock(steps: bytes | None) -> None:
    """Refuse this process, for good, the calls of a filter."""
    if steps is None:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    kept = ctypes.create_string_buffer(steps, len(steps))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    told = Filter(len(steps) // 8, ctypes.cast(kept, ctypes.c_void_p))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(told), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter of system calls")


def close_to_others() -> None:
    """Let no other process of the same user read or write this one's memory."""
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)


def limit(seconds: float) -> None:
    """Set the limits of an answer."""
    with open("/proc/self/statm") as told:
        now = int(told.read().split()[0]) * resource.getpagesize()
    cpu = int(seconds) + 1
    for what, most in (
        (resource.RLIMIT_AS, now + MEMORY), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def trouble(error: BaseException) -> list[Any]:
    """Return an error's kind, words and the line of the student's cell in which it arose."""
    lines = [
        one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == ANSWER
    ]
    if isinstance(error, SyntaxError) and error.filename == ANSWER:
        lines = [error.lineno]
    try:
        words = str(error)[:300]
    except BaseException:
        words = ""
    return [type(error).__name__[:60], words, lines[-1] if lines else None]


def answer(request: dict[str, Any], space: dict[str, Any], out: int) -> None:
    """Run a student's cells and call the function, in a fork; write a line for each step to ``out``."""

    def tell(kind: str, text: str) -> None:
        os.write(out, f'{{"{kind}": {text}}}\n'.encode())

    for source in request["before"]:
        with contextlib.suppress(Exception):
            exec(compile(source, "before", "exec"), space)
    try:
        exec(compile(request["code"], ANSWER, "exec"), space)
        function = space[request["name"]]
        if not callable(function):
            raise TypeError(f"{request['name']} is no function")
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return tell("fault", json.dumps(trouble(error)))
    for packed in request["calls"]:
        try:
            tell("value", line(function(*deepcopy(unpack(packed)))))
        except Strange as error:
            tell("strange", json.dumps(str(error)[:100]))
        except BaseException as error:
            tell("error", json.dumps(trouble(error)))
    tell("end", "true")
    return None


def child(
    request: dict[str, Any], space: dict[str, Any], out: int, printed: int, steps: bytes | None
) -> None:
    """Be the fork: take the limits, run, and end without Python's own tidying."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.setsid()
        null = os.open(os.devnull, os.O_RDONLY)
        for fd, target in ((null, 0), (printed, 1), (printed, 2), (out, 3)):
            os.dup2(fd, target)
        os.closerange(4, 4096)
        sys.stdin, sys.stdout, sys.stderr = (
            io.TextIOWrapper(
                os.fdopen(fd, mode, closefd=False), "utf-8", "replace", write_through=True
            )
            for fd, mode in ((0, "rb"), (1, "wb"), (2, "wb"))
        )
        limit(request["seconds"])
        lock(steps)
        answer(request, space, 3)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            os.write(3, json.dumps({"fault": trouble(error)}).encode() + b"\n")
    finally:
        os._exit(0)


def sweep() -> None:
    """End what an answer left behind: processes, and files in the one place that can be written."""
    for name in os.listdir("/proc"):
        if name.isdecimal() and int(name) not in (1, os.getpid(), os.getppid()):
            with contextlib.suppress(OSError):
                os.kill(int(name), signal.SIGKILL)
    for left in os.scandir("/box"):
        with contextlib.suppress(OSError):
            if left.is_dir(follow_symlinks=False):
                os.chmod(left.path, 0o700)
                shutil.rmtree(left.path, ignore_errors=True)
            else:
                os.unlink(left.path)


def run(request: dict[str, Any], space: dict[str, Any], steps: bytes | None) -> dict[str, Any]:
    """Return what a fork made of an answer: its lines, how it ended, what it printed."""
    (results, out), (heard, printed) = os.pipe(), os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        child(request, space, out, printed, steps)
    os.close(out)
    os.close(printed)
    kept = {results: b"", heard: b""}
    most = {results: KEPT, heard: PRINTED * 4}
    amount, ended, deadline = 0, "", time.monotonic() + request["seconds"]
    open_ones = {results, heard}
    while open_ones and not ended:
        left = deadline - time.monotonic()
        ready = select.select(list(open_ones), [], [], max(left, 0))[0]
        if not ready and left <= 0:
            ended = "time"
        for fd in ready:
            if not (got := os.read(fd, 1 << 16)):
                open_ones.discard(fd)
                continue
            kept[fd] = (kept[fd] + got)[: most[fd]]
            amount += len(got)
            if amount > MOST:
                ended = "output"
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL) if ended else None
    status = os.waitpid(pid, 0)[1]
    for fd in kept:
        os.close(fd)
    sweep()
    told = []
    for text in kept[results].decode("utf-8", "replace").splitlines()[: len(request["calls"]) + 2]:
        try:
            told.append(json.loads(text))
        except ValueError:
            break
    done = {
        "lines": told,
        "ended": ended,
        "printed": kept[heard].decode("utf-8", "replace")[:PRINTED],
    }
    if os.WIFSIGNALED(status) and not ended:
        number = os.WTERMSIG(status)
        done["ended"] = "time" if number == signal.SIGXCPU else "signal"
        done["signal"] = signal.Signals(number).name
    return done


def prepare(cells: list[list[str]], space: dict[str, Any]) -> list[list[Any]]:
    """Run the chapter's own cells; return those that failed, with what was wrong."""
    failed = []
    for name, source in cells:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(source, name, "exec"), space)
        except Exception as error:
            failed.append([name, *trouble(error)[:2]])
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
    gc.collect()
    gc.freeze()
    return failed


def main() -> None:
    """Serve until nothing more is asked."""
    warnings.simplefilter("ignore")
    source, back = (
        os.fdopen(os.dup(0), "r", encoding="utf-8"),
        os.fdopen(os.dup(1), "w", encoding="utf-8"),
    )
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1):
        os.dup2(null, fd)
    close_to_others()
    steps = program(platform.machine())
    space: dict[str, Any] = {"__name__": "__main__"}
    for text in source:
        request = json.loads(text)
        told = (
            {"failed": prepare(request["cells"], space)}
            if "cells" in request
            else run(request, space, steps)
        )
        back.write(json.dumps(told) + "\n")
        back.flush()


if __name__ == "__main__":
    main()
