"""The bot as a process of its own, with the webhooks of its channels, to be loaded and killed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.load.service import SECRET, SlowService
from evaluation.load.telegram import telegram_settings
from evaluation.loopback import free_port

_READY_SECONDS = 60.0


class Bot:
    """One replica. Its port stays the same over restarts, and with it its name on the database."""

    def __init__(
        self,
        services: Sequence[SlowService] | str,
        database: str,
        index: Path,
        folder: Path,
        errors: Path,
        more: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            services: the imitations that it answers through, or the address of one of Telegram.
            database: its address.
            index: a published index.
            folder: for what the program writes.
            errors: its log goes here.
            more: further settings by name, without ``BOT_``.
        """
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = errors
        values = {
            "DATA_DIR": str(folder),
            "INDEX_DIR": str(index),
            "DATABASE_URL": database,
            "SECRET_KEY": SECRET,
            "PORT": str(self.port),
            "MESSAGES_PER_MINUTE": "100000",
            "LOG_LEVEL": "WARNING",
        }
        if isinstance(services, str):
            values |= telegram_settings(services, self.address)
        else:
            values |= {name: value for service in services for name, value in service.settings(self.address).items()}
        values |= more or {}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
        self._environment = {**kept, **{f"BOT_{k}": v for k, v in values.items()}}
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start; returns at once."""
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", env=self._environment, stderr=log, stdout=log
            )

    async def ready(self) -> None:
        """Wait until it listens and answers.

        Raises:
            RuntimeError: it ended, with what it said last.
            TimeoutError: it does not.
        """
        async with asyncio.timeout(_READY_SECONDS):
            while not await _answers(self.port):
                if self.process is not None and self.process.returncode is not None:
                    raise RuntimeError(f"exit {self.process.returncode}: {self._log.read_text(errors='replace')[-500:]}")
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM; gives the exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
        return await self.process.wait()

    def used(self) -> tuple[float, float]:
        """Processor seconds so far and peak resident memory in MB, as Linux tells them; zeros where it does not."""
        try:
            folder = Path(f"/proc/{self.process.pid if self.process else 0}")
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            peak = next(line for line in (folder / "status").read_text().splitlines() if line.startswith("VmHWM:"))
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) / 1024
        except (OSError, StopIteration, IndexError, ValueError):
            return 0.0, 0.0


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    try:
        return b" 200 " in await asyncio.wait_for(reader.readline(), 5)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
