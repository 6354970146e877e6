"""Points and rules of time in a text, each with a normalised form; the forms are listed in ``times``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_D = r"(?P<d>\d{1,2})"
_DAY = rf"(?:ngày\s+)?(?<!\d){_D}\s*(?:[/.-]|\s+tháng\s+)\s*(?P<m>\d{{1,2}})(?:\s*(?:[/.-]|,?\s*(?:năm\s+))\s*(?P<y>\d{{4}}))?"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "một": 1, "hai": 2, "ba": 3, "tư": 4}
_COUNT = {"một": 1, "hai": 2, "ba": 3, "sáu": 6, "chín": 9, "mười": 10}
_BEFORE = r"(?:trước|chậm nhất(?:\s+(?:là|vào|đến|trong|trước))*|muộn nhất(?:\s+(?:là|vào|trước))*|không quá|xong trước|đến hết|hết|đến)"
_UNIT = r"(?P<u>ngày|tuần|tháng|quý|năm)"
_YEAR = r"(?:19|20)\d{2}"


@dataclass(frozen=True)
class Atom:
    """One point or rule of time at ``text[start:end]``; ``year`` is None where the wording leaves it open."""

    start: int
    end: int
    form: str
    year: int | None = None
    open_form: str | None = None
    """With ``{y}`` where a year said later in the same list belongs ("quý II và quý III/2021")."""


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _COUNT[text.lower()]


def _date(match: re.Match[str]) -> tuple[str, int | None, str | None]:
    day, month, year = int(match["d"]), int(match["m"]), match["y"]
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return "", None, None
    tail = f"-{month:02d}-{day:02d}"
    return (f"{year}{tail}", int(year), None) if year else (f"-{tail}", None, "{y}" + tail)


def _by_date(match: re.Match[str]) -> tuple[str, int | None, str | None]:
    form, year, later = _date(match)
    return (f"<={form}" if form else ""), year, (f"<={later}" if later else None)


def _quarter(match: re.Match[str]) -> tuple[str, int | None, str | None]:
    number, year = _ROMAN[match["q"].lower()], match["y"]
    mark = "<=" if match["b"] else ""
    return (f"{mark}{year}-Q{number}", int(year), None) if year else (f"{mark}--Q{number}", None, f"{mark}{{y}}-Q{number}")


def _month(match: re.Match[str]) -> tuple[str, int | None, str | None]:
    number, year = int(match["m"]), match["y"]
    if not 1 <= number <= 12:
        return "", None, None
    mark = "<=" if match["b"] else ""
    return (f"{mark}{year}-{number:02d}", int(year), None) if year else (f"{mark}--{number:02d}", None, f"{mark}{{y}}-{number:02d}")


def _range(match: re.Match[str]) -> tuple[str, int | None, str | None]:
    return f"{match['a']}..{match['z']}", int(match["z"]), None


def _months(match: re.Match[str]) -> tuple[str, int | None, str | None]:
    first, last = int(match["a"]), int(match["z"])
    if not (1 <= first < last <= 12):
        return "", None, None
    year = match["y"]
    form = f"{{y}}-{first:02d}..{{y}}-{last:02d}"
    return (form.format(y=year), int(year), None) if year else (form.format(y="-"), None, form)


def _fixed(form: str) -> Callable[[re.Match[str]], tuple[str, int | None, str | None]]:
    return lambda _match: (form, None, None)


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, int | None, str | None]]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"giai đoạn\s+(?:từ\s+)?(?:năm\s+)?(?P<a>{_YEAR})\s*(?:-|–|—|đến|tới)\s*(?:năm\s+)?(?P<z>{_YEAR})", _range),
        (rf"từ\s+(?:năm\s+)?(?P<a>{_YEAR})\s*(?:-|–|—|đến)\s*(?:hết\s+)?(?:năm\s+)?(?P<z>{_YEAR})", _range),
        (rf"(?:các\s+)?năm\s+(?P<a>{_YEAR})\s*(?:-|–|—|đến)\s*(?:năm\s+)?(?P<z>{_YEAR})", _range),
        (
            rf"tháng\s+(?P<a>\d{{1,2}})\s*(?:-|–|—|đến)\s*(?:tháng\s+)?(?P<z>\d{{1,2}})"
            rf"(?:\s*(?:/|,?\s*năm)\s*(?P<y>{_YEAR}))?(?![\d/])",
            _months,
        ),
        (rf"^\W*(?P<a>{_YEAR})\s*(?:-|–|—)\s*(?P<z>{_YEAR})\W*$", _range),
        (
            rf"{_BEFORE}\s+(?:ngày\s+)?{_D}\s+(?:của\s+)?tháng\s+(?:cuối|đầu|thứ ba)(?:\s+(?:của\s+)?(?:mỗi\s+)?quý)",
            lambda m: (f"<=---{int(m['d']):02d} tháng cuối quý", None, None),
        ),
        (rf"{_BEFORE}\s+(?:vào\s+)?{_DAY}", _by_date),
        (rf"{_BEFORE}\s+(?:vào\s+)?(?:ngày\s+)?{_D}\s+(?=(?:hằng|hàng|mỗi|của)\b)", lambda m: (f"<=---{int(m['d']):02d}", None, None)),
        (rf"(?:vào\s+)?ngày\s+{_D}\s+(?=(?:hằng|hàng|mỗi)\b)", lambda m: (f"---{int(m['d']):02d}", None, None)),
        (rf"{_DAY}", _date),
        (
            rf"(?P<b>{_BEFORE}\s+)?(?:trong\s+)?quý\s+(?P<q>iv|iii|ii|i|[1-4]|một|hai|ba|tư)\b"
            rf"(?:\s*(?:/|-|,?\s*năm)\s*(?P<y>{_YEAR}))?",
            _quarter,
        ),
        (
            rf"(?:(?<=[,&–-] )|(?<=và )|(?<=đến )|(?<=,)|(?<=-))(?P<b>)(?P<q>(?-i:IV|III|II|I))\b(?:\s*(?:/|,?\s*năm)\s*(?P<y>{_YEAR}))?",
            _quarter,
        ),
        (
            rf"(?P<b>{_BEFORE}\s+(?:cuối\s+)?)?tháng\s+(?P<m>\d{{1,2}})\b(?!\s*ngày)(?:\s*(?:[/.-]|,?\s*năm)\s*(?P<y>{_YEAR}))?",
            _month,
        ),
        (rf"(?P<b>{_BEFORE}\s+)?(?<![\d/])(?P<m>\d{{1,2}})/(?P<y>{_YEAR})(?![\d/-])", _month),
        (rf"(?P<h>6|06|sáu) tháng (?P<p>đầu|cuối) năm(?:\s*(?P<y>{_YEAR}))?", lambda m: _half(m)),
        (
            rf"kỳ họp (?:thường lệ )?(?P<p>giữa|cuối) năm(?:\s*(?P<y>{_YEAR}))?",
            lambda m: (f"kỳ họp {m['p'].lower()} năm {m['y'] or ''}".strip(), None, None),
        ),
        (r"thường xuyên|liên tục trong năm", _fixed("thường xuyên")),
        (r"(?:cả năm|trong năm)(?!\s*\d)", _fixed("trong năm")),
        (rf"(?:định kỳ\s+)?(?:hằng|hàng|mỗi|từng)\s+{_UNIT}\b", lambda m: (f"hằng {m['u'].lower()}", None, None)),
        (r"(?:hàng|hằng)\s+(?P<n>\d+|sáu|ba)\s+tháng", lambda m: (f"mỗi {_number(m['n'])} tháng", None, None)),
        (
            r"(?P<n>\d+)\s+(?P<w>số|kỳ|lần|buổi|tin|bài|chuyên mục|cuộc|lượt|tin, bài)\s*/\s*(?P<u>tháng|quý|năm|tuần|ngày)",
            lambda m: (f"{int(m['n'])} {m['w'].lower()}/{m['u'].lower()}", None, None),
        ),
        (r"khi (?:có|được) yêu cầu|theo yêu cầu|đột xuất", lambda m: (_on_demand(m[0]), None, None)),
        (
            r"(?:khi|nếu|trường hợp) (?:có |phát sinh |gặp |có phát sinh )?(?:những |các )?(?:khó khăn, )?vướng mắc",
            _fixed("khi có vướng mắc"),
        ),
        (
            r"(?:trong (?:vòng |thời hạn )?)(?P<n>\d+)\s+(?P<u>ngày(?: làm việc)?|tháng|tuần)(?= (?:kể từ|từ khi|sau))",
            lambda m: (f"trong {int(m['n'])} {m['u'].lower()} từ mốc", None, None),
        ),
        (
            r"(?<!sau )(?:ngay\s+)?khi có (?P<w>lệnh|chỉ đạo|phát sinh|đề nghị|nhu cầu|thông báo|tình huống|hướng dẫn|quyết định|văn bản|"
            r"biến động|thay đổi)",
            lambda m: (f"khi có {m['w'].lower()}", None, None),
        ),
        (r"ngay sau khi", _fixed("ngay sau khi")),
        (
            r"theo (?P<u>tuần|tháng|quý|năm)(?!\s*(?:\d|[IVX]+\b|học|tài chính|ngân sách))",
            lambda m: (f"hằng {m['u'].lower()}", None, None),
        ),
        (rf"(?P<b>{_BEFORE}\s+|cuối\s+)?(?:trong\s+)?năm\s+(?P<y>{_YEAR})", lambda m: _year(m)),
        (rf"^\W*(?P<y>{_YEAR})\W*$", lambda m: (m["y"], int(m["y"]), None)),
        (r"theo (?:quy định|kế hoạch|tiến độ|lộ trình|thời gian quy định)", lambda m: (m[0].lower(), None, None)),
    )
)
_PERIODS = re.compile(r"(?P<n>\d+|một|sáu|ba|chín)?\s*\b(?P<u>tháng|quý|năm|tuần)\b", re.IGNORECASE)
_PERIOD_LIST = re.compile(
    r"(?:(?:\d+|một|sáu|ba|chín)\s+)?(?:tháng|quý|năm|tuần)(?:\s+và\s+|\s*[,;]\s*|\s+hoặc\s+)(?:(?:\d+|một|sáu|ba|chín)\s+)?(?:tháng|quý|"
    r"năm|tuần)"
    r"(?:(?:\s+và\s+|\s*[,;]\s*)(?:(?:\d+|một|sáu|ba|chín)\s+)?(?:tháng|quý|năm|tuần))*(?![\w/]|\s*\d)",
    re.IGNORECASE,
)
_SIX_MONTHS = re.compile(r"(?:định kỳ|mỗi)\s+(?P<n>\d+|sáu|ba|chín)\s+tháng(?!\s+(?:đầu|cuối))", re.IGNORECASE)


def _half(match: re.Match[str]) -> tuple[str, int | None, str | None]:
    half = "H1" if match["p"].lower() == "đầu" else "H2"
    return (f"{match['y']}-{half}", int(match["y"]), None) if match["y"] else (f"--{half}", None, f"{{y}}-{half}")


def _year(match: re.Match[str]) -> tuple[str, int | None, str | None]:
    mark = "<=" if match["b"] else ""
    return f"{mark}{match['y']}", int(match["y"]), None


def _on_demand(text: str) -> str:
    return "đột xuất" if text.lower() == "đột xuất" else "khi có yêu cầu"


def atoms(text: str) -> tuple[Atom, ...]:
    """Every time in ``text``, in reading order, none overlapping; a year said at the end of a list is carried to its earlier parts."""
    found: list[Atom] = []
    taken = [False] * (len(text) + 1)

    def take(start: int, end: int, form: str, year: int | None, later: str | None) -> None:
        if form and not any(taken[start:end]):
            found.append(Atom(start, end, form, year, later))
            taken[start:end] = [True] * (end - start)

    for match in _SIX_MONTHS.finditer(text):
        take(match.start(), match.end(), f"mỗi {_number(match['n'])} tháng", None, None)
    for pattern, make in _RULES:
        for match in pattern.finditer(text):
            form, year, later = make(match)
            take(match.start(), match.end(), form, year, later)
    for listed in _PERIOD_LIST.finditer(text):
        for match in _PERIODS.finditer(text, *listed.span()):
            count = _number(match["n"]) if match["n"] else 1
            form = f"hằng {match['u'].lower()}" if count == 1 else f"mỗi {count} {match['u'].lower()}"
            take(match.start(), match.end(), form, None, None)
    found.sort(key=lambda a: a.start)
    trailing = _carry(text, found)
    return tuple(_ranges(text, trailing))


def _carry(text: str, found: list[Atom]) -> list[Atom]:
    carried, year, nearest = [], None, len(text)
    for atom in reversed(found):
        if atom.year is not None:
            year, nearest = atom.year, atom.start
        elif atom.open_form and year is not None and re.fullmatch(r"[\s,;và–-]*(?:đến|tới|hoặc)?[\s]*", text[atom.end : nearest]):
            atom, nearest = Atom(atom.start, atom.end, atom.open_form.format(y=year), year), atom.start
        carried.append(atom)
    return carried[::-1]


def _ranges(text: str, found: list[Atom]) -> list[Atom]:
    """ "từ tháng 3 đến tháng 6/2021": two points joined by a word for "to" become one interval."""
    joined: list[Atom] = []
    for atom in found:
        if joined and not joined[-1].form.startswith("<=") and ".." not in joined[-1].form and re.match(r"[\d-]", joined[-1].form):
            between = text[joined[-1].end : atom.start]
            to = re.fullmatch(r"\s*(?:-|–|đến(?:\s+hết)?|tới)\s*", between) or (atom.form.startswith("<=") and not between.strip())
            if to and re.match(r"(?:<=)?[\d-]", atom.form):
                joined[-1] = Atom(joined[-1].start, atom.end, f"{joined[-1].form}..{atom.form.removeprefix('<=')}", atom.year)
                continue
        joined.append(atom)
    return joined


def normal_form(found: tuple[Atom, ...]) -> str:
    """Atoms → the normalised form, each once, in order of mention."""
    return "; ".join(dict.fromkeys(a.form for a in found))
