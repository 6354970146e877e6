"""Running a reader in a child process: whatever a damaged file does to a library (hang, crash, memory), here it is one clear error."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from index_builder.documents.reading.limits import DocumentError, Limits

logger = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Called with how many pages are done and how many there are."""
Job = Callable[..., Any]
_DAMAGED = "Tệp bị hỏng nên không đọc được ({reason}). Hãy lấy lại tệp gốc, hoặc mở rồi lưu lại bằng chương trình soạn ra nó."
_DIED = "Chương trình đọc dừng đột ngột khi đọc tệp này (tệp hỏng hoặc cần quá nhiều bộ nhớ). Hãy lấy lại tệp gốc, hoặc tách nhỏ tệp."


def _context() -> Any:
    """Processes that start quickly and without this program's threads, where the system can do that."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["index_builder.documents.reading.readers"])
    return context


def _limit_memory(most: int) -> None:
    if sys.platform == "linux":
        import resource

        # Libraries reserve addresses when they are loaded, the more the more processors there are: what counts is what comes on top.
        loaded = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (loaded + most, loaded + most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _child(out: Connection, scratch: str, memory: int, job: Job, arguments: tuple[Any, ...]) -> None:
    """Work on the job and send ``("progress", done, total)`` messages and one ``("result" | "refused" | "damaged", value)``."""
    if hasattr(os, "setsid"):
        os.setsid()  # so that programs started from here end together with it
    tempfile.tempdir = scratch
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)  # libraries complain about damaged files on stderr
    _limit_memory(memory)
    sys.setrecursionlimit(3_000)
    try:
        value = job(*arguments, lambda done, total: out.send(("progress", done, total)))
        message: tuple[Any, ...] = ("result", value)
    except DocumentError as error:
        message = ("refused", str(error))
    except MemoryError:
        message = ("refused", _DIED)
    except Exception as error:  # libraries raise anything on damaged files
        message = ("damaged", type(error).__name__, traceback.format_exc())
    with contextlib.suppress(OSError):
        out.send(message)
        out.close()


def _stop(process: BaseProcess) -> None:
    """End the child and everything it started."""
    if process.pid is not None and hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getpgid(process.pid) == process.pid:
                os.killpg(process.pid, signal.SIGKILL)
    if process.is_alive():
        process.kill()
    process.join()
    process.close()


def run_isolated(job: Job, arguments: tuple[Any, ...], limits: Limits, progress: Progress | None = None) -> Any:
    """Run ``job(*arguments, progress)`` in a child process with its own scratch folder.

    Raises:
        DocumentError: the job raised it, failed in any other way, took longer than ``limits.seconds``, or died.
    """
    context = _context()
    with tempfile.TemporaryDirectory(prefix="doc-") as scratch:
        receive, send = context.Pipe(duplex=False)
        process = context.Process(target=_child, args=(send, scratch, limits.memory, job, arguments), daemon=True)
        process.start()
        send.close()
        try:
            return _wait(receive, time.monotonic() + limits.seconds, limits, progress)
        finally:
            receive.close()
            _stop(process)


def _wait(receive: Connection, until: float, limits: Limits, progress: Progress | None) -> Any:
    while True:
        if not receive.poll(max(0.0, until - time.monotonic())):
            raise DocumentError(f"Đọc tệp quá {limits.seconds:.0f} giây chưa xong nên đã dừng. Hãy tách tệp thành nhiều phần nhỏ hơn.")
        try:
            message = receive.recv()
        except (EOFError, OSError) as error:
            raise DocumentError(_DIED) from error
        if message[0] == "progress":
            if progress is not None:
                progress(message[1], message[2])
        elif message[0] == "result":
            return message[1]
        elif message[0] == "refused":
            raise DocumentError(message[1])
        else:
            logger.debug("a reader failed:\n%s", message[2])
            raise DocumentError(_DAMAGED.format(reason=message[1]))
