"""Damaged documents: every reading must end in a document or in one clear error, soon, and leave nothing behind.

    python -m evaluation.documents.fuzz FILE … [--each 200] [--seconds 20]

Each file is damaged ``--each`` times (seeded, so that a failure can be repeated): bits flipped, cut off, pieces put in, taken out, doubled
or swapped; members of a .docx are damaged inside their zip too, so that the damage reaches the XML.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from evaluation import commands
from evaluation.commands import command
from index_builder.documents.reading import DocumentError, Limits, read_document

SECONDS = 20.0
Damage = Callable[[bytes, random.Random], bytes]


def flipped(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 4, 32, 256))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def put_in(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    odd = (
        chance.randbytes(chance.randrange(1, 400)),
        b"\x00" * 64,
        b"<" * 200,
        b"(((((" * 200,
        b"9" * 400,
        b"]]>",
        "ệ\u0301\u200b\ufeff".encode() * 20,
    )
    return data[:at] + chance.choice(odd) + data[at:]


def taken_out(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(1, max(2, len(data) // 4)) :]


def doubled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at : at + 5000] * chance.randrange(2, 6) + data[at:]


def swapped(data: bytes, chance: random.Random) -> bytes:
    a, b = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[b:] + data[a:b] + data[:a]


PLAIN: tuple[Damage, ...] = (flipped, cut, put_in, taken_out, doubled, swapped)


def member_damaged(data: bytes, chance: random.Random) -> bytes:
    """A zip file with one member's content damaged and everything else sound."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = chance.choice([n for n in old.namelist() if n.endswith((".xml", ".rels"))])
        for name in old.namelist():
            content = old.read(name)
            if name == victim and content:
                content = chance.choice(PLAIN)(content, chance)
            new.writestr(name, content)
    return out.getvalue()


def member_gone(data: bytes, chance: random.Random) -> bytes:
    """A zip file without one of its members."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            if name != victim:
                new.writestr(name, old.read(name))
    return out.getvalue()


def damages_of(file: Path) -> tuple[Damage, ...]:
    return (*PLAIN, member_damaged, member_damaged, member_damaged, member_gone) if zipfile.is_zipfile(file) else PLAIN


@dataclass
class Outcome:
    """What became of one file's damaged copies. ``wrong``: what must not happen, each with the number that repeats it."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    @property
    def count(self) -> int:
        return self.read + sum(self.refused.values()) + len(self.wrong)


def damaged(file: Path, number: int) -> bytes:
    """Copy ``number`` of a file, always the same."""
    chance = random.Random(f"{file.name} {number}")
    kinds = damages_of(file)
    return kinds[number % len(kinds)](file.read_bytes(), chance)


def try_one(file: Path, number: int, folder: Path, outcome: Outcome, limits: Limits) -> None:
    """Read one damaged copy and note what became of it. ``folder`` is empty before and must be after."""
    path = folder / f"copy{file.suffix}"
    path.write_bytes(damaged(file, number))
    scratch, tempfile.tempdir = tempfile.tempdir, str(folder)
    began = time.monotonic()
    try:
        read_document(path, limits=limits)
        outcome.read += 1
    except DocumentError as error:
        outcome.refused[" ".join(str(error).split()[:8])] += 1
        if "Hãy" not in str(error) and "trống" not in str(error):
            outcome.wrong.append(f"{number}: lời báo không nói cần làm gì: {error}")
    except Exception as error:  # this is what is looked for
        outcome.wrong.append(f"{number}: {type(error).__name__}: {error}")
    finally:
        tempfile.tempdir = scratch
    taken = time.monotonic() - began
    outcome.slowest = max(outcome.slowest, taken)
    if taken > 2 * limits.seconds + 10:
        outcome.wrong.append(f"{number}: {taken:.0f} giây")
    path.unlink()
    if left := [p.name for p in folder.iterdir()]:
        outcome.wrong.append(f"{number}: còn lại {left}")


def fuzz(file: Path, each: int, seconds: float = SECONDS, *, quiet: bool = True) -> Outcome:
    """Damage a file ``each`` times and read each copy, with at most ``seconds`` for one.

    Raises:
        DocumentError: the file cannot be read even undamaged.
    """
    outcome = Outcome()
    limits = Limits(seconds=seconds)
    # Sound it must be readable; and Python's own folder for processes is made now, outside the folder that is watched.
    read_document(file)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number in tqdm(range(each), desc=file.name, disable=quiet):
            try_one(file, number, Path(folder), outcome, limits)
    return outcome


def main(argv: Sequence[str] | None = None) -> int:
    parser = command("documents.fuzz", "Đọc các bản hỏng của văn bản.")
    parser.add_argument("files", nargs="+", type=Path, metavar="TỆP")
    parser.add_argument("--each", type=int, default=200, help="số bản hỏng của mỗi tệp")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="thời gian nhiều nhất cho một bản")
    args = parser.parse_args(argv)
    failed = False
    for file in args.files:
        outcome = fuzz(file, args.each, args.seconds, quiet=not sys.stderr.isatty())
        refused = sum(outcome.refused.values())
        print(f"{file.name}: {args.each} bản, {outcome.read} đọc được, {refused} bị từ chối, chậm nhất {outcome.slowest:.1f} giây")
        for reason, count in outcome.refused.most_common(6):
            print(f"    {count:4} × {reason} …")
        for line in outcome.wrong:
            print(f"  SAI  {line}")
        failed |= bool(outcome.wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    commands.run(main)
