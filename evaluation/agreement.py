"""How far our catalogue agrees with the portal's structured records, field by field.

    python -m evaluation.agreement DETAILS [--draw 40] [--seed 20261121] [--catalogue FILE]

Procedures are drawn at random from ``DETAILS`` (one JSON object a line, gzipped or not). The records are read here anew, without the
importer's code and without the knowledge schema, so that a mistake of the importer shows as a disagreement. What counts:

- name: the same but for spacing and the form of Unicode.
- bodies: the departments and groups of units named as executing, as a set, final punctuation apart.
- channels: the ways to submit, as a set.
- time: every number with a unit appears for its channel with the same number and unit, and ours states no other; where the source
  gives the unit OTHER, none, or no number, ours is empty.
- fee: every value above 0 appears for its channel with the same amount and currency, and ours states no other; where all values are 0
  or missing (0 also stands for "not filled in"), ours is empty. A value below 1,000 without a currency is nobody's amount in đồng: ours
  may leave it out but not call it đồng.
- dossier parts: every part whose name has up to 240 characters appears, and ours has no other; spacing, leading dashes and final
  punctuation apart. Longer ones are left out by design and counted apart.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from evaluation.commands import command, run
from knowledge.loading import DATA

Row = Mapping[str, Any]
Time = tuple[Decimal, str]

NAME, BODIES, CHANNELS = "tên", "cơ quan thực hiện", "cách nộp"
TIME, NO_TIME, FEE, NO_FEE, PARTS = "thời gian", "thời gian không ghi số", "lệ phí", "lệ phí 0 hoặc trống", "thành phần hồ sơ"
FIELDS = (NAME, BODIES, CHANNELS, TIME, NO_TIME, FEE, NO_FEE, PARTS)
LONG_PART = 240
LEAST_DONG = 1000
"""No fee is smaller in đồng; below it a value without a currency is in something else (thousands, dollars)."""

_CHANNEL_NAMES = {"DIRECT": "Trực tiếp", "ONLINE": "Trực tuyến", "POSTAL": "Bưu chính"}
_UNIT_NAMES = {"HOUR": "giờ", "DAY": "ngày", "WORKING_DAY": "ngày làm việc", "WEEK": "tuần", "MONTH": "tháng", "YEAR": "năm"}
_TIME = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ngày làm việc|giờ|ngày|tuần|tháng|năm)")
_AMOUNT = re.compile(r"^\s*([\d.]+(?:,\d+)?)\s*([^\s(]*)")
_BRACKETS = re.compile(r"\([^()]*\)")


class Outcome(StrEnum):
    AGREE = "khớp"
    DISAGREE = "lệch"
    LEFT_OUT = "để ngoài"


@dataclass(frozen=True)
class Check:
    """One thing the source states (or leaves empty) and what became of it. ``why`` says what is wrong, or why it was left out."""

    code: str
    field: str
    outcome: Outcome
    source: str = ""
    ours: str = ""
    why: str = ""


# --- reading -------------------------------------------------------------------------------------------------------------


def plain(text: object) -> str:
    """Composed Unicode with single spaces."""
    return " ".join(unicodedata.normalize("NFC", str(text or "")).split())


def bare(text: object) -> str:
    """``plain`` without leading dashes and final punctuation."""
    return plain(text).lstrip("-–—+*•· ").rstrip(".;:, ")


def number(value: object) -> Decimal | None:
    """A number above 0, however it is written in JSON; none for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found.normalize() if found.is_finite() and found > 0 else None


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def stated_times(methods: Iterable[Row]) -> list[Time]:
    """The times a channel's rows state: a number with a unit that is one."""
    found = [(number(m.get("processingTime")), _UNIT_NAMES.get(str(m.get("processingTimeUnit")))) for m in methods]
    return list(dict.fromkeys((n, unit) for n, unit in found if n is not None and unit is not None))


def written_times(text: object) -> list[Time]:
    """The times one of our texts states, explanations in brackets apart."""
    shown = _BRACKETS.sub(" ", plain(text))
    return [(Decimal(n.replace(",", ".")).normalize(), unit) for n, unit in _TIME.findall(shown)]


def written_amount(text: str) -> tuple[Decimal, str] | None:
    """``20.000 đồng (…)`` → (20000, "đồng"): points group thousands, a comma is the decimal sign."""
    match = _AMOUNT.match(text)
    value = number(match[1].replace(".", "").replace(",", ".")) if match else None
    return (value, match[2].rstrip(".,;:")) if match and value is not None else None


def currency_of(fee: Row) -> str | None:
    """The currency a fee is stated in, as we write it; none where the source does not say."""
    name = plain(fee.get("currencyName"))
    return "đồng" if name.lower() in ("việt nam đồng", "vnd", "vnđ", "đồng") else name or None


# --- comparing -----------------------------------------------------------------------------------------------------------


def _said(values: Iterable[object]) -> str:
    return " | ".join(sorted(str(v) for v in values)) or "(trống)"


def _time_text(time: Time) -> str:
    return f"{time[0]:f} {time[1]}"


def _sets(code: str, field: str, source: set[str], ours: set[str], unstated: str) -> Check:
    if not source:
        outcome = Outcome.LEFT_OUT if ours else Outcome.AGREE
        return Check(code, field, outcome, _said(source), _said(ours), unstated if ours else "")
    missing, more = source - ours, ours - source
    why = "; ".join(f"{what}: {_said(names)}" for what, names in (("thiếu", missing), ("thừa", more)) if names)
    return Check(code, field, Outcome.DISAGREE if why else Outcome.AGREE, _said(source), _said(ours), why)


def compare_times(code: str, channel: str, methods: Sequence[Row], ours: Row | None) -> list[Check]:
    """One check a stated time, and one for what ours states beyond the source."""
    stated, text = stated_times(methods), plain((ours or {}).get("time"))
    written = written_times(text)
    if not stated:
        outcome = Outcome.DISAGREE if text else Outcome.AGREE
        units = _said(f"{plain(m.get('processingTime'))[:60]} {m.get('processingTimeUnit')}" for m in methods)
        return [Check(code, NO_TIME, outcome, f"{channel}: {units}", text, "nguồn không ghi số mà mình có" if text else "")]
    shown = f"{channel}: {_said(_time_text(t) for t in stated)}"
    checks = []
    for time in stated:
        there = time in written
        why = "" if there else f"thiếu {_time_text(time)}"
        checks.append(Check(code, TIME, Outcome.AGREE if there else Outcome.DISAGREE, shown, text, why))
    for time in written:
        if time not in stated:
            checks.append(Check(code, TIME, Outcome.DISAGREE, shown, text, f"nguồn không ghi {_time_text(time)}"))
    return checks


def _compare_fee(code: str, channel: str, value: Decimal, currency: str | None, written: Sequence[tuple[Decimal, str]]) -> Check:
    units = [unit for amount, unit in written if amount == value]
    doubtful = currency is None and value < LEAST_DONG
    shown, ours = f"{channel}: {value:f} {currency or '(không ghi loại tiền)'}", _said(f"{a:f} {u}" for a, u in written)
    if doubtful and "đồng" in units:
        return Check(code, FEE, Outcome.DISAGREE, shown, ours, "nguồn không ghi loại tiền, mình ghi đồng")
    if doubtful and not units:
        return Check(code, FEE, Outcome.LEFT_OUT, shown, ours, "số nhỏ không ghi loại tiền")
    if not units:
        return Check(code, FEE, Outcome.DISAGREE, shown, ours, "thiếu mức này")
    wrong = currency not in units if currency else not set(units) & {"đồng", ""}
    return Check(code, FEE, Outcome.DISAGREE if wrong else Outcome.AGREE, shown, ours, "sai loại tiền" if wrong else "")


def compare_fees(code: str, channel: str, methods: Sequence[Row], ours: Row | None) -> list[Check]:
    """One check a fee above 0 (the same amount in the same currency once), and one for what ours states beyond the source."""
    fees = [fee for method in methods for fee in method.get("fees") or []]
    stated = dict.fromkeys((value, currency_of(fee)) for fee in fees if (value := number(fee.get("value"))) is not None)
    texts = list((ours or {}).get("fees", ()))
    if not stated:
        return [
            Check(
                code,
                NO_FEE,
                Outcome.DISAGREE if texts else Outcome.AGREE,
                f"{channel}: {len(fees)} dòng lệ phí, đều bằng 0 hoặc trống",
                _said(texts),
                "nguồn không ghi mức mà mình có" if texts else "",
            )
        ]
    written = [found for text in texts if (found := written_amount(plain(text))) is not None]
    checks = [_compare_fee(code, channel, value, currency, written) for value, currency in stated]
    values = {value for value, _ in stated}
    for amount, unit in written:
        if amount not in values:
            checks.append(
                Check(code, FEE, Outcome.DISAGREE, f"{channel}: {_said(values)}", f"{amount:f} {unit}", "nguồn không ghi mức này")
            )
    return checks


def compare_parts(code: str, source: Row, ours: Row) -> list[Check]:
    """One check a dossier part with a name, and one for each of ours that the source does not have."""
    names = [bare(p.get("name")) for case in source.get("executionCases") or [] for p in case.get("profileComponents") or []]
    mine = {bare(p["name"]) for case in ours.get("cases", ()) for p in case.get("papers", ())}
    checks = []
    for name in filter(None, names):
        if name in mine:
            checks.append(Check(code, PARTS, Outcome.AGREE, name))
        elif len(name) > LONG_PART:
            checks.append(Check(code, PARTS, Outcome.LEFT_OUT, name, why=f"tên giấy tờ dài hơn {LONG_PART} ký tự"))
        else:
            checks.append(Check(code, PARTS, Outcome.DISAGREE, name, why="thiếu giấy tờ này"))
    return checks + [Check(code, PARTS, Outcome.DISAGREE, ours=n, why="nguồn không có giấy tờ này") for n in sorted(mine - set(names))]


def compare(source: Row, ours: Row | None) -> list[Check]:
    """All checks of one procedure. A procedure that the catalogue lacks is one disagreement, in its name."""
    code, name = str(source["code"]), plain(source.get("name"))
    if ours is None:
        return [Check(code, NAME, Outcome.DISAGREE, name, why="danh mục không có thủ tục này")]
    same = name == plain(ours.get("name"))
    checks = [Check(code, NAME, Outcome.AGREE if same else Outcome.DISAGREE, name, plain(ours.get("name")), "" if same else "khác tên")]
    executing = [*(source.get("departmentsExecuting") or []), *(source.get("unitGroupsExecuting") or [])]
    stated_bodies = {bare(b.get("name")) for b in executing} - {""}
    checks.append(_sets(code, BODIES, stated_bodies, {bare(b) for b in ours.get("bodies", ())}, "bản ghi chi tiết không nêu cơ quan"))
    channels: dict[str, list[Row]] = {}
    for method in source.get("executionMethods") or []:
        kind = str(method.get("submissionMethod"))
        channels.setdefault(_CHANNEL_NAMES.get(kind, kind), []).append(method)
    mine: dict[str, dict[str, Any]] = {}
    for c in ours.get("channels", ()):
        row = mine.setdefault(str(c["method"]), {"time": "", "fees": []})
        row["time"] += f"; {c.get('time') or ''}" if c.get("time") else ""
        row["fees"] = [*row["fees"], *c.get("fees", ())]
    checks.append(_sets(code, CHANNELS, set(channels), set(mine), "bản ghi chi tiết không nêu cách nộp"))
    for channel, methods in channels.items():
        checks += compare_times(code, channel, methods, mine.get(channel))
        checks += compare_fees(code, channel, methods, mine.get(channel))
    return checks + compare_parts(code, source, ours)


# --- reporting -----------------------------------------------------------------------------------------------------------


def draw(rows: Iterable[dict[str, Any]], count: int, seed: int) -> list[dict[str, Any]]:
    """``count`` records at random, the same for the same seed whatever the order of the file; all when it has no more."""
    ordered = sorted(rows, key=lambda r: str(r["code"]))
    return ordered if count >= len(ordered) else sorted(random.Random(seed).sample(ordered, count), key=lambda r: str(r["code"]))


def table(checks: Sequence[Check]) -> str:
    """Counts by field, then why things were left out, then each disagreement."""
    counts = Counter((c.field, c.outcome) for c in checks)
    width = max(map(len, FIELDS))
    lines = [f"{'trường':<{width}}  {'khớp':>6}  {'lệch':>6}  {'để ngoài':>8}"]
    for field in FIELDS:
        agree, disagree, left = (counts[field, outcome] for outcome in Outcome)
        lines.append(f"{field:<{width}}  {agree:>6}  {disagree:>6}  {left:>8}")
    reasons = Counter(c.why for c in checks if c.outcome is Outcome.LEFT_OUT)
    lines += [f"Để ngoài vì {why}: {count}" for why, count in reasons.most_common()]
    wrong = [c for c in checks if c.outcome is Outcome.DISAGREE]
    lines.append(f"Chỗ lệch: {len(wrong)}, ở {len({c.code for c in wrong})} thủ tục")
    for c in wrong:
        lines.append(f"  {c.code} {c.field}: {c.why} — nguồn «{c.source[:160]}», mình «{c.ours[:160]}»")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 all agrees; 1 something disagrees; 2 a file cannot be read."""
    parser = command("agreement", "So danh mục thủ tục với bản ghi gốc của Cổng.")
    parser.add_argument("details", type=Path, metavar="DETAILS", help="tệp bản ghi có cấu trúc của Cổng (.jsonl hoặc .jsonl.gz)")
    parser.add_argument("--draw", type=int, default=40, metavar="N", help="số thủ tục rút ngẫu nhiên (mặc định 40)")
    parser.add_argument("--seed", type=int, default=20261121, help="số khởi đầu của phép rút (mặc định 20261121)")
    parser.add_argument("--catalogue", type=Path, default=DATA / "procedures" / "catalogue.jsonl", metavar="TỆP", help="danh mục của mình")
    args = parser.parse_args(argv)
    try:
        ours = {str(row["code"]): row for row in records(args.catalogue)}
        drawn = draw(records(args.details), args.draw, args.seed)
    except (OSError, EOFError, ValueError, KeyError) as error:
        print(f"Không đọc được: {error}", file=sys.stderr)
        return 2
    checks = [check for row in drawn for check in compare(row, ours.get(str(row["code"])))]
    print(f"{len(drawn)} thủ tục rút từ {args.details.name}, số khởi đầu {args.seed}")
    print(table(checks))
    return 1 if any(c.outcome is Outcome.DISAGREE for c in checks) else 0


if __name__ == "__main__":
    run(main)
