"""A PostgreSQL server of the machine's own package, started in a temporary folder for a test run or a measurement."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USERS = ("postgres", "nobody")
"""Accounts to run the server as where the tests run as root, which PostgreSQL refuses."""


class NoServer(RuntimeError):
    """There is none to be had; the text says why."""


def programs() -> Path:
    """The folder of the newest installed server.

    Raises:
        NoServer: none is installed.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).parent
    raise NoServer("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def _account() -> int | None:
    """The user id to run the server as, none for the own one."""
    if os.getuid() != 0:
        return None
    for name in USERS:
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise NoServer("PostgreSQL refuses to run as root, and there is no other account to run it as")


@contextmanager
def running_server() -> Iterator[str]:
    """A server on a free port of the loopback interface; gives the start of its address, to which a database's name is added.

    Raises:
        NoServer: none is installed, or it does not start.
    """
    bin_, user = programs(), _account()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if user is not None:
        os.chown(folder, user, -1)
    data, log = folder / "data", folder / "log"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    def call(*command: object) -> None:
        done = subprocess.run(
            [str(c) for c in command], user=user, cwd=folder, env=_environment(), capture_output=True, timeout=60, check=False
        )
        if done.returncode:
            told = log.read_text(errors="replace") if log.exists() else ""
            raise NoServer(f"{command[0]}: {done.stderr.decode(errors='replace')} {told}"[:500])

    # No syncing to disk: the folder is thrown away. The locale of the machine does not matter.
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=60"
    try:
        call(bin_ / "initdb", "-D", data, "-U", "bot", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        # Its output must not be a pipe of ours: the server would hold it open.
        call(bin_ / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "30", "-o", options, "start")
        yield f"postgresql+asyncpg://bot@127.0.0.1:{port}/"
    finally:
        if (data / "postmaster.pid").exists():
            call(bin_ / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
