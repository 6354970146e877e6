"""The index in use, which may be replaced underneath: a new version is loaded beside the old one, then swapped."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.memory import give_back

if TYPE_CHECKING:
    from bot.service import Loaded

log = logging.getLogger(__name__)

GONE = (
    "Không thấy chỉ mục trong thư mục chỉ mục (BOT_INDEX_DIR): bot trả lời tiếp bằng chỉ mục đang mở, nhưng khởi động lại sẽ không được. "
    "Dựng lại bằng lệnh: python -m index_builder build"
)
"""Told once each time that the published index disappears."""


class IndexInUse:
    """``loaded``: the index in use, none before :meth:`open`."""

    def __init__(self, load: Callable[[], Loaded], published: Callable[[], str | None]) -> None:
        """
        Args:
            load: opens the current index; may take seconds and raise.
            published: names the current index version, cheaply; none where nothing is published.
        """
        self._load, self._published = load, published
        self.loaded: Loaded | None = None

    async def open(self) -> None:
        """Load the index. Whatever ``load`` raises comes out."""
        self.loaded = await asyncio.to_thread(self._load)

    async def follow(self, every: float) -> None:
        """Look for a new version every ``every`` seconds, for ever. One that cannot be loaded is logged once and the one in use
        stays."""
        refused: str | None = None
        missing = False
        while True:
            await asyncio.sleep(every)
            version: str | None = None
            try:
                version = await asyncio.to_thread(self._published)
                if version is None and not missing and self.loaded is not None:
                    log.error("%s", GONE)
                missing = version is None
                if version is None or version == refused or (self.loaded is not None and version == self.loaded.version):
                    continue
                self.loaded = await asyncio.to_thread(self._load)
                log.info("Đã chuyển sang chỉ mục %s (%d mục)", self.loaded.version, self.loaded.entries)
                await asyncio.to_thread(_let_go)
            except Exception:
                refused = version
                log.exception("Không dùng được chỉ mục mới %s, vẫn dùng chỉ mục cũ", version)


def _let_go() -> None:
    # Parts of an index point to each other: without this the old one would stay in memory for hours.
    gc.collect()
    give_back()
