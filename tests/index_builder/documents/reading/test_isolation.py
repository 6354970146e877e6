"""Whatever a reader does in its process, the caller gets a result or one clear error, and nothing keeps running."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from index_builder.documents.reading.isolation import run_isolated
from index_builder.documents.reading.limits import DocumentError, Limits

Show = Callable[[int, int], None]


def doubling(number: int, show: Show) -> int:
    show(1, 2)
    return 2 * number


def hanging(_: Show) -> None:
    while True:
        time.sleep(1)


def dying(_: Show) -> None:
    os._exit(3)


def greedy(_: Show) -> int:
    return len(bytearray(1 << 31))


def refusing(_: Show) -> None:
    raise DocumentError("Hãy thử lại.")


def failing(_: Show) -> None:
    raise KeyError("word/document.xml")


def test_a_result_and_its_progress() -> None:
    seen: list[tuple[int, int]] = []
    assert run_isolated(doubling, (21,), Limits(), lambda done, total: seen.append((done, total))) == 42
    assert seen == [(1, 2)]


@pytest.mark.parametrize(
    ("job", "says"),
    [(hanging, "giây"), (dying, "dừng đột ngột"), (greedy, "bộ nhớ"), (refusing, "^Hãy thử lại"), (failing, "hỏng")],
)
def test_every_end_is_one_clear_error(job: Callable[..., object], says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        run_isolated(job, (), Limits(seconds=1.0 if job is hanging else 60.0, memory=256 << 20))
