"""What came of the cases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_SHOWN = 12


@dataclass
class Tally:
    """``came``: cases by target and what came back; ``wrong``: what must not happen, each with what repeats it."""

    came: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, target: str, result: object, *, ok: bool, about: str = "") -> None:
        """Count a case; ``about`` is kept where it went wrong."""
        self.came[target, str(result)] += 1
        if not ok:
            self.wrong.append(f"{target}: {result}: {about}")

    @property
    def count(self) -> int:
        return sum(self.came.values())

    def lines(self) -> list[str]:
        """The report, one line a target."""
        targets = sorted({target for target, _ in self.came})
        lines = []
        for target in targets:
            results = {result: n for (t, result), n in sorted(self.came.items()) if t == target}
            lines.append(f"{target:28} {sum(results.values()):7}  " + ", ".join(f"{result}: {n}" for result, n in results.items()))
        lines += [f"SAI  {line[:400]}" for line in self.wrong[:_SHOWN]]
        lines.append(f"Tổng: {self.count} trường hợp, {len(self.wrong)} sai")
        return lines
