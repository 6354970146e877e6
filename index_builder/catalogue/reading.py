"""Reading the three exports: the list of procedures, structured records, and page texts whose table cells are glued together."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from knowledge.schema import Case, Channel, Paper

Row = dict[str, Any]

METHODS = {"ONLINE": "Trực tuyến", "DIRECT": "Trực tiếp", "POSTAL": "Bưu chính"}
UNITS = {"WORKING_DAY": "ngày làm việc", "DAY": "ngày", "HOUR": "giờ", "MONTH": "tháng"}
_PAGE_METHODS = {"Trực tuyến": "Trực tuyến", "Trực tiếp": "Trực tiếp", "Dịch vụ bưu chính": "Bưu chính"}
_PAGE_TIME = re.compile(r"^(Trực tuyến|Trực tiếp|Dịch vụ bưu chính)\s*:\s*(\d+)\s*(Ngày làm việc|Ngày|Giờ|Tháng)(?![a-zà-ỹ ])")
_BASIS = re.compile(r"(?<![\d/.])(\d{1,4}(?:\.\d{1,2})?/(?:19|20)\d{2}/(?:QH\d{1,2}|[A-ZĐ]+(?:-[A-ZĐ]+)+))(?![A-ZĐ0-9])")
_FORM = re.compile(r"(?i)\b(?:mẫu(?: số)?|tờ khai)\s*((?:[A-Z]{1,4})?\d{1,3}[a-zđ]?(?:[-/.][A-ZĐ0-9]+)*)")
_LONGEST_PAPER = 240
_SMALLEST_DONG = 1000


class UnreadableExport(ValueError):
    """An export file that is not what it should be; the message names the file and line."""


def read_lines(path: Path) -> Iterator[Row]:
    """JSON objects of a ``.jsonl`` or ``.jsonl.gz`` file."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    raise UnreadableExport(f"{path}, dòng {number}: không phải JSON hợp lệ ({error.msg})") from error
                if not isinstance(row, dict):
                    raise UnreadableExport(f"{path}, dòng {number}: cần một đối tượng JSON")
                yield row
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise UnreadableExport(f"{path}: không đọc được ({error})") from error


def squeeze(text: object) -> str:
    """Any value as NFC text with single spaces; none as empty text."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", str(text or "")).replace("\xa0", " ")).strip()


def kind_of(row: Mapping[str, object]) -> str:
    """``list`` | ``detail`` | ``page`` by the keys a row has; anything else is refused by the caller."""
    if "executionMethods" in row:
        return "detail"
    if "ma" in row and "ten" in row:
        return "page"
    if "categories" in row and "departmentPromulgate" in row:
        return "list"
    return "unknown"


def levels_of_page(text: str) -> tuple[str, ...]:
    lowered = text.lower()
    return tuple(name for name, mark in (("bộ", "cấp bộ"), ("tỉnh", "cấp tỉnh"), ("xã", "cấp xã")) if mark in lowered)


def levels_of_detail(row: Row) -> tuple[str, ...]:
    marks = (("bộ", "isMinistry"), ("tỉnh", "isProvince"), ("xã", "isWard"))
    return tuple(name for name, mark in marks if row.get(mark))


def levels_of_bodies(bodies: tuple[str, ...]) -> tuple[str, ...]:
    """Levels read off the names of the executing bodies, where the export states no level."""
    text = " | ".join(bodies).lower()
    found = []
    if re.search(r"(^|\| )(bộ |cục |tổng cục|ngân hàng nhà nước việt nam|ủy ban chứng khoán)", text):
        found.append("bộ")
    if re.search(r"(^|\| )sở |cấp tỉnh|tỉnh, thành phố|công an (cấp )?tỉnh|văn phòng đăng ký", text):
        found.append("tỉnh")
    if re.search(r"cấp xã|\bxã\b|phường", text):
        found.append("xã")
    return tuple(found)


def _number(value: float) -> str:
    """``7.5`` → ``7,5``; whole numbers without a fraction."""
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",")


def _fee(fee: Row) -> str | None:
    """A fee as text. 0 says nothing surely (it also stands for "not filled in"), nor does a tiny amount without a currency; an
    explanation that is too long is left to the portal, the amount is not."""
    value, text = fee.get("value"), squeeze(fee.get("description")).lstrip("-+ ")
    currency = squeeze(fee.get("currencyName"))
    dong = not currency or currency.upper() in ("VND", "VNĐ") or "đồng" in currency.lower()
    if not isinstance(value, int | float) or value <= 0 or (not currency and value < _SMALLEST_DONG):
        return None
    amount = f"{int(value):,}".replace(",", ".") + " đồng" if dong else f"{_number(value)} {currency}"
    return f"{amount} ({text})" if 0 < len(text) <= _LONGEST_PAPER else amount


def channels_of_detail(row: Row) -> tuple[Channel, ...]:
    """Channels with time, fees and, where one method has several rows, the case each row is for. A unit "OTHER" is no unit."""
    found: list[Channel] = []
    for method in row.get("executionMethods") or []:
        name = METHODS.get(method.get("submissionMethod"))
        if name is None:
            continue
        unit, quantity = UNITS.get(method.get("processingTimeUnit")), method.get("processingTime")
        time = f"{_number(quantity)} {unit}" if unit and isinstance(quantity, int | float) and quantity > 0 else None
        case = squeeze(method.get("description")).lstrip("-+ ") or None
        fees = tuple(dict.fromkeys(f for f in map(_fee, method.get("fees") or []) if f))
        channel = Channel(method=name, time=time, fees=fees, case=case if case and len(case) <= _LONGEST_PAPER else None)
        if channel not in found:
            found.append(channel)
    return tuple(found)


def channels_of_page(text: str) -> tuple[Channel, ...]:
    """Channels of a page text; the fee is glued to its explanations there and is never read."""
    found: dict[str, Channel] = {}
    for line in text.splitlines():
        for label, name in _PAGE_METHODS.items():
            if line.startswith(label) and name not in found:
                match = _PAGE_TIME.match(line)
                time = f"{int(match[2])} {match[3].lower()}" if match and int(match[2]) > 0 else None
                found[name] = Channel(method=name, time=time)
    return tuple(found.values())


def cases_of_detail(row: Row) -> tuple[Case, ...]:
    cases = []
    for case in row.get("executionCases") or []:
        papers: list[Paper] = []
        left_out = 0
        for part in case.get("profileComponents") or []:
            name = squeeze(part.get("name")).lstrip("-+*• ").rstrip(";. ")
            if not name or len(name) > _LONGEST_PAPER:
                left_out += bool(name)
                continue
            form = _FORM.search(name)
            papers.append(
                Paper(
                    name=name,
                    form=form[1] if form else None,
                    originals=part.get("originalQty") or None,
                    copies=part.get("copyQty") or None,
                )
            )
        if papers or left_out:
            cases.append(Case(name=squeeze(case.get("name")).strip("*-: ") or "Hồ sơ", papers=tuple(papers), left_out=left_out))
    return tuple(cases)


def bases_in(text: str) -> tuple[str, ...]:
    """Numbers of legal documents in a text, each once, in order."""
    return tuple(dict.fromkeys(_BASIS.findall(text)))
