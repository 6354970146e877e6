"""A PostgreSQL server of the machine's own package, started in a temporary folder for a test run or a measurement."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluation.loopback import free_port

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


class Server:
    """A server in ``folder`` on a port of the loopback interface. ``address``: the start of its address; a database's name is added."""

    def __init__(self, folder: Path) -> None:
        self._bin, self._user, self._folder = programs(), _account(), folder
        if self._user is not None:
            os.chown(folder, self._user, -1)
        self._port = free_port()
        self.address = f"postgresql+asyncpg://bot@127.0.0.1:{self._port}/"
        self._call("initdb", "-U", "bot", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), "-D", str(self._folder / "data"), *arguments]
        done = subprocess.run(command, user=self._user, cwd=self._folder, env=_environment(), capture_output=True, timeout=60, check=False)
        if done.returncode:
            log = self._folder / "log"
            told = log.read_text(errors="replace") if log.exists() else ""
            raise NoServer(f"{program}: {done.stderr.decode(errors='replace')} {told}"[:500])

    def start(self) -> None:
        # No syncing to disk: the folder is thrown away.
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
        # Its output goes to a file: a pipe of ours would stay open as long as it runs.
        self._call("pg_ctl", "-l", str(self._folder / "log"), "-w", "-t", "30", "-o", options, "start")

    def stop(self) -> None:
        if (self._folder / "data" / "postmaster.pid").exists():
            self._call("pg_ctl", "-m", "immediate", "-w", "stop")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The server is away for the length of the block."""
        self.stop()
        try:
            yield
        finally:
            self.start()


@contextmanager
def running_server() -> Iterator[Server]:
    """A server in a temporary folder.

    Raises:
        NoServer: none is installed, or it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        server = Server(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
