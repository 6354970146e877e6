"""The program from outside: the cold start of ``bot ask``, and the memory of ``bot serve`` after its start, questions and a new index."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from evaluation.loopback import free_port
from knowledge.store import POINTER, current_folder

COLD_RUNS = 7
QUESTIONS = 1000
_READY_SECONDS = 60.0
_FOLLOWED_SECONDS = 20.0
_UNLIMITED = {f"BOT_RATE_{name}": "0" for name in ("PER_CONVERSATION", "PER_ADDRESS", "OVERALL")}


def _environment(index: Path, folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    return {**kept, "BOT_INDEX_DIR": str(index), "BOT_DATA_DIR": str(folder)}


def cold_start(index: Path) -> dict[str, float]:
    """Seconds of whole ``python -m bot ask`` runs after one that warms the file cache, by the clock and of the processor; and the bytes
    it wrote to stderr (a progress bar would stand there)."""
    command = [sys.executable, "-m", "bot", "ask", "làm giấy khai sinh cho con cần gì"]
    clock: list[float] = []
    processor: list[float] = []
    noise = 0
    with tempfile.TemporaryDirectory() as folder:
        for run in range(COLD_RUNS + 1):
            before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            done = subprocess.run(command, env=_environment(index, Path(folder)), check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            noise = max(noise, len(done.stderr))
            if run:
                clock.append(time.perf_counter() - started)
                processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {
        "median": round(statistics.median(clock), 2),
        "max": round(max(clock), 2),
        "processor": round(statistics.median(processor), 2),
        "stderr_bytes": noise,
    }


def memory(pid: int) -> dict[str, int]:
    """MB of a process: resident (``rss``, with the pages of mapped files it has touched), its share of them where processes share pages
    (``pss``), and what is its own and no file's (``own``). Linux only.

    Raises:
        OSError: the system has no ``/proc``.
    """
    rows = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    found = {row[0].rstrip(":"): int(row[1]) for row in rows}
    return {name: round(found[key] / 1024) for name, key in (("rss", "Rss"), ("pss", "Pss"), ("own", "Anonymous"))}


def _wait_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the program ended with {process.returncode}")
        try:
            if client.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the program does not become ready")


def _ask(client: httpx.Client, questions: Sequence[str], count: int) -> None:
    for number in range(count):
        client.post("/api/v1/ask", json={"text": questions[number % len(questions)]}).raise_for_status()


def _publish_again(root: Path) -> str:
    """The same index as a new version, as a build would publish it; its name."""
    folder = current_folder(root)
    again = root / f"{folder.name}-again"
    shutil.copytree(folder, again)
    pointer = root / f"{POINTER}.new"
    pointer.write_text(again.name, encoding="utf-8")
    pointer.replace(root / POINTER)
    return again.name


def _maps(pid: int, version: str) -> bool:
    return f"/{version}/" in Path(f"/proc/{pid}/maps").read_text(errors="replace")


def _wait_switched(pid: int, before: str, version: str) -> None:
    """Wait until the process has the new version and has let the one before go. For the second between the two it has both; one that
    keeps both for good is measured with both.

    Raises:
        TimeoutError: it does not take the new version.
    """
    until = time.monotonic() + _FOLLOWED_SECONDS
    while (not _maps(pid, version) or _maps(pid, before)) and time.monotonic() < until:
        time.sleep(0.2)
    if not _maps(pid, version):
        raise TimeoutError("the program does not take the new index")


def served(index: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Memory of ``bot serve`` when it is ready, after 1,000 questions through the API, and after a new index was taken and asked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = folder / "index"
        shutil.copytree(current_folder(index), root / current_folder(index).name)
        shutil.copy(index / POINTER, root / POINTER)
        port = free_port()
        values = {**_environment(root, folder / "data"), **_UNLIMITED, "BOT_PORT": str(port), "BOT_LOG_LEVEL": "WARNING"}
        process = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=values, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                _wait_ready(client, process)
                found = {"started": memory(process.pid)}
                _ask(client, questions, QUESTIONS)
                found["after_1000_questions"] = memory(process.pid)
                before = current_folder(root).name
                version = _publish_again(root)
                _wait_switched(process.pid, before, version)
                _ask(client, questions, len(questions))
                found["after_a_new_index"] = memory(process.pid)
                return found
        finally:
            process.terminate()
            process.wait(timeout=30)
