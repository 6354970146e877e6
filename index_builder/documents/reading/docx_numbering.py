"""The list numbers that Word shows: from ``numbering.xml`` and a running count (ECMA-376 part 1, section 17.9)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from index_builder.documents.reading.docx_parts import Element, W, is_on, number, value
from index_builder.documents.reading.numbers import in_letters, in_roman

_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "lowerLetter": in_letters,
    "upperLetter": lambda n: in_letters(n, upper=True),
    "lowerRoman": in_roman,
    "upperRoman": lambda n: in_roman(n, upper=True),
    "ordinal": str,
    "none": lambda _: "",
}
_PLACE = re.compile(r"%(\d)")
_DEEPEST = 9


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    text: str
    restart: int | None
    legal: bool
    style: str | None

    @staticmethod
    def of(element: Element) -> _Level:
        start = number(element.find(W + "start"))
        return _Level(
            1 if start is None else start,
            value(element.find(W + "numFmt")) or "decimal",
            value(element.find(W + "lvlText")) or "",
            number(element.find(W + "lvlRestart")),
            bool(is_on(element.find(W + "isLgl"))),
            value(element.find(W + "pStyle")),
        )


def _levels(parent: Element) -> dict[int, _Level]:
    return {n: _Level.of(e) for e in parent.findall(W + "lvl") if (n := number(e, "ilvl")) is not None and 0 <= n < _DEEPEST}


class Numbering:
    """Counts a document's lists while its paragraphs are read in order."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        abstract = {value(a, "abstractNumId") or "": a for a in root.findall(W + "abstractNum")}
        by_style = {value(a.find(W + "styleLink")): a for a in abstract.values() if a.find(W + "styleLink") is not None}
        for num in root.findall(W + "num"):
            num_id, abstract_id = value(num, "numId") or "", value(num.find(W + "abstractNumId")) or ""
            definition = abstract.get(abstract_id)
            if definition is None:
                continue
            if (link := value(definition.find(W + "numStyleLink"))) in by_style:
                definition = by_style[link]
            levels = _levels(definition)
            for override in num.findall(W + "lvlOverride"):
                level = number(override, "ilvl") or 0
                levels |= _levels(override)
                if (start := number(override.find(W + "startOverride"))) is not None:
                    self._starts[num_id, level] = start
            self._levels[num_id] = levels
            self._abstract[num_id] = value(definition, "abstractNumId") or abstract_id

    def level_of_style(self, num_id: str, style: str) -> int:
        """The level that a list ties to a paragraph style; the first where it ties none."""
        return next((n for n, level in self._levels.get(num_id, {}).items() if level.style == style), 0)

    def label(self, num_id: str, level: int) -> str | None:
        """Count one paragraph of a list on and give the number it shows; ``-`` or ``+`` for bullets, none where nothing shows."""
        levels = self._levels.get(num_id, {})
        if level not in levels:
            return None
        counts = self._counts[self._abstract[num_id]]
        start = self._starts.pop((num_id, level), None)
        counts[level] = start if start is not None else counts[level] + 1 if level in counts else levels[level].start
        for deeper in [n for n in counts if n > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and level < restart):
                del counts[deeper]
        for upper in range(level):
            if upper in levels:
                counts.setdefault(upper, levels[upper].start)
        if levels[level].form == "bullet":
            return "+" if levels[level].text.strip() == "+" else "-"

        def shown(match: re.Match[str]) -> str:
            n = int(match[1]) - 1
            if n not in counts or n not in levels:
                return ""
            form = "decimal" if levels[level].legal and levels[n].form != "none" else levels[n].form
            return _FORMATS.get(form, str)(counts[n])

        return _PLACE.sub(shown, levels[level].text).strip() or None
