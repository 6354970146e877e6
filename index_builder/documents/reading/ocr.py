"""Recognising pages that are pictures, with Tesseract in Vietnamese; optional, since it needs a program of the system."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from PIL import Image

from index_builder.documents.reading.pdf_page import Edge, Glyph, Page

_DPI = 300
_LEAST_CONFIDENCE = 30.0
_DARK = 128
_LONGEST_GAP = 4
"""White dots inside a ruling line that a scan may have."""
_SHORTEST_RULE = 0.04
"""Share of the page's width from which a dark run is a ruling line."""
INSTALL = (
    "Để nhận dạng chữ, hãy cài Tesseract kèm tiếng Việt (Debian/Ubuntu: apt install tesseract-ocr tesseract-ocr-vie) và gói "
    'Python: pip install "hoi-dap-hanh-chinh[ocr]".'
)


class MissingRecognition(RuntimeError):
    """What recognition needs is not installed; the message says what to install."""

    def __init__(self) -> None:
        super().__init__(INSTALL)


def _runs(dark: Any, least: int) -> Iterator[tuple[int, int, int]]:
    """Long dark runs of each row of a picture: (row, start, end)."""
    padded = np.pad(dark.astype(np.int8), ((0, 0), (1, 1)))
    steps = np.diff(padded, axis=1)
    for y in np.flatnonzero(dark.sum(axis=1) >= least):
        starts, ends = np.flatnonzero(steps[y] == 1), np.flatnonzero(steps[y] == -1)
        i = 0
        while i < len(starts):
            j = i
            while j + 1 < len(starts) and starts[j + 1] - ends[j] <= _LONGEST_GAP:
                j += 1
            if ends[j] - starts[i] >= least:
                yield int(y), int(starts[i]), int(ends[j])
            i = j + 1


def take_ruling_lines(picture: Any, scale: float) -> list[Edge]:
    """Ruling lines of a page's picture (grey, dark is low) as edges in points; ``scale``: points a dot. They are painted white in
    ``picture``, so that they are not taken for letters."""
    dark = picture < _DARK
    least = int(_SHORTEST_RULE * picture.shape[1])
    edges: list[Edge] = []
    for orientation, dots, paper in (("h", dark, picture), ("v", dark.T, picture.T)):
        for at, start, end in _runs(dots, least):
            paper[max(at - 1, 0) : at + 2, start:end] = 255
            across, along = at * scale, (start * scale, end * scale)
            x0, x1, top, bottom = (*along, across, across) if orientation == "h" else (across, across, *along)
            edges.append({"object_type": "line", "orientation": orientation, "x0": x0, "x1": x1, "top": top, "bottom": bottom,
                          "width": x1 - x0, "height": bottom - top})  # fmt: skip
    return edges


class Recogniser:
    """Renders pages of one PDF and recognises them; use as a context manager."""

    def __init__(self, data: bytes) -> None:
        """
        Raises:
            MissingRecognition: pypdfium2, pytesseract, Tesseract or its Vietnamese data are missing.
        """
        try:
            import pypdfium2
            import pytesseract
        except ImportError as error:
            raise MissingRecognition from error
        if shutil.which("tesseract") is None or "vie" not in pytesseract.get_languages():
            raise MissingRecognition
        # One page at a time needs one thread; more only wait for each other on a busy machine.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        self._tesseract = pytesseract
        self._document = pypdfium2.PdfDocument(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def page(self, page: Page) -> Page:
        """The page with recognised words as its glyphs and the picture's ruling lines as its edges."""
        scale = 72 / _DPI
        dots = np.array(self._document[page.number - 1].render(scale=1 / scale, grayscale=True).to_pil().convert("L"))
        edges = take_ruling_lines(dots, scale)
        found = self._tesseract.image_to_data(
            Image.fromarray(dots),
            lang="vie",
            config=f"--dpi {_DPI} --psm 3 -c tessedit_do_invert=0",
            output_type=self._tesseract.Output.DICT,
            timeout=120,
        )
        heights: dict[tuple[int, int, int], list[int]] = {}
        rows = [(word, i) for i, word in enumerate(found["text"]) if word.strip(" |_[]") and float(found["conf"][i]) >= _LEAST_CONFIDENCE]
        for _, i in rows:
            heights.setdefault((found["block_num"][i], found["par_num"][i], found["line_num"][i]), []).append(found["height"][i])
        glyphs = []
        for word, i in rows:
            left, top, width, height = (found[k][i] * scale for k in ("left", "top", "width", "height"))
            line = heights[found["block_num"][i], found["par_num"][i], found["line_num"][i]]
            size = max(line) * scale
            # Words of one line get one height, so that small letters and capitals stay together.
            glyphs.append(Glyph(word.strip(), left, left + width, top, top + height, max(size, 4.0), "", False, False, True))
        return Page(page.number, page.width, page.height, tuple(glyphs), tuple(edges), 0, 0)
