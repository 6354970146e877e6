"""Times and deadlines of administrative Vietnamese: the wording as it stands and a normalised form.

The normalised form is a list of atoms joined by ``; ``, in the spirit of ISO 8601:

=====================================  =======================================
``thường xuyên``, ``khi có yêu cầu``   as they are
``hằng tháng``, ``6 tháng``            ``hằng tháng``, ``mỗi 6 tháng``
``quý II và quý III/2021``             ``2021-Q2; 2021-Q3``
``tháng 3 đến tháng 6/2021``           ``2021-03..2021-06``
``trước ngày 30 tháng 6``              ``<=--06-30`` (the year is not said)
``chậm nhất ngày 25 hằng tháng``       ``<=---25; hằng tháng``
``giai đoạn 2021 - 2025``              ``2021..2025``
=====================================  =======================================
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_D = r"(?P<d>\d{1,2})"
_DAY = rf"(?:ngày\s+)?{_D}\s*(?:[/.-]|\s+tháng\s+)\s*(?P<m>\d{{1,2}})(?:\s*(?:[/.-]|,?\s*(?:năm\s+))\s*(?P<y>\d{{4}}))?"
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


@dataclass(frozen=True)
class Timing:
    """``wording``: as in the original, tidied; ``normal``: the normalised form; both empty strings never occur."""

    wording: str
    normal: str


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


def _fixed(form: str) -> Callable[[re.Match[str]], tuple[str, int | None, str | None]]:
    return lambda _match: (form, None, None)


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, int | None, str | None]]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"giai đoạn\s+(?:từ\s+)?(?:năm\s+)?(?P<a>{_YEAR})\s*(?:-|–|—|đến|tới)\s*(?:năm\s+)?(?P<z>{_YEAR})", _range),
        (rf"từ\s+(?:năm\s+)?(?P<a>{_YEAR})\s*(?:-|–|—|đến)\s*(?:hết\s+)?(?:năm\s+)?(?P<z>{_YEAR})", _range),
        (rf"(?:các\s+)?năm\s+(?P<a>{_YEAR})\s*(?:-|–|—|đến)\s*(?:năm\s+)?(?P<z>{_YEAR})", _range),
        (rf"^\W*(?P<a>{_YEAR})\s*(?:-|–|—)\s*(?P<z>{_YEAR})\W*$", _range),
        (rf"{_BEFORE}\s+(?:vào\s+)?{_DAY}", _by_date),
        (rf"{_BEFORE}\s+(?:vào\s+)?(?:ngày\s+)?{_D}\s+(?=(?:hằng|hàng|mỗi|của)\b)", lambda m: (f"<=---{int(m['d']):02d}", None, None)),
        (
            rf"{_BEFORE}\s+(?:ngày\s+)?{_D}\s+(?:của\s+)?tháng\s+(?:cuối|đầu|thứ ba)(?:\s+(?:của\s+)?(?:mỗi\s+)?quý)",
            lambda m: (f"<=---{int(m['d']):02d} tháng cuối quý", None, None),
        ),
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
        (rf"(?P<h>6|06|sáu) tháng (?P<p>đầu|cuối) năm(?:\s*(?P<y>{_YEAR}))?", lambda m: _half(m)),
        (r"thường xuyên|liên tục trong năm", _fixed("thường xuyên")),
        (r"(?:cả năm|trong năm)(?!\s*\d)", _fixed("trong năm")),
        (rf"(?:định kỳ\s+)?(?:hằng|hàng|mỗi|từng)\s+{_UNIT}\b", lambda m: (f"hằng {m['u'].lower()}", None, None)),
        (r"(?:hàng|hằng)\s+(?P<n>\d+|sáu|ba)\s+tháng", lambda m: (f"mỗi {_number(m['n'])} tháng", None, None)),
        (
            r"(?P<n>\d+)\s+(?P<w>số|kỳ|lần|buổi|tin|bài|chuyên mục|cuộc|lượt|tin, bài)\s*/\s*(?P<u>tháng|quý|năm|tuần|ngày)",
            lambda m: (f"{int(m['n'])} {m['w'].lower()}/{m['u'].lower()}", None, None),
        ),
        (r"khi (?:có|được) yêu cầu|theo yêu cầu|đột xuất", lambda m: (_on_demand(m[0]), None, None)),
        (r"(?:khi|nếu) (?:có |phát sinh |gặp |có phát sinh )?(?:những |các )?(?:khó khăn, )?vướng mắc", _fixed("khi có vướng mắc")),
        (
            r"(?:trong (?:vòng |thời hạn )?)(?P<n>\d+)\s+(?P<u>ngày(?: làm việc)?|tháng|tuần)(?= (?:kể từ|từ khi|sau))",
            lambda m: (f"trong {int(m['n'])} {m['u'].lower()} từ mốc", None, None),
        ),
        (r"ngay sau khi", _fixed("ngay sau khi")),
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


_LEAD_IN = re.compile(
    r"^(?:thực hiện|hoàn thành|thời gian thực hiện|xong)?\s*(?:vào|trong(?! năm\b(?!\s*\d))|từ nay)?\s*:?\s*", re.IGNORECASE
)


def tidy(text: str) -> str:
    """Wording as it may stand in a record: single spaces, no lead-in ("Thực hiện trong"), a capital first letter."""
    text = re.sub(r"\s+", " ", text).strip(" .;,")
    shorter = _LEAD_IN.sub("", text)
    text = shorter if atoms(shorter) else text
    return text[:1].upper() + text[1:]


def read_cell(text: str) -> Timing | None:
    """A table cell or the value behind "Thời gian:" → its timing; None where it is empty. What is not understood keeps its wording
    and has an empty normalised form."""
    wording = tidy(text)
    normal = normal_form(atoms(wording)) or ("định kỳ" if re.match(r"định kỳ", wording, re.IGNORECASE) else "")
    return Timing(wording, normal) if wording.strip("-– ") else None


_NOT_A_DEADLINE = re.compile(
    r"(?:nhiệm vụ|chi|kinh phí|hoạt động|công việc|ngân sách)\s+$|(?:số|văn bản|tờ trình|quyết định|kế hoạch|nghị quyết|công văn|"
    r"chỉ thị)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_CUE = re.compile(r"(?:trước|chậm nhất|muộn nhất|hoàn thành|xong|trong|vào|từ|đến hết|định kỳ|hết|chậm)\b[\s\w]{0,18}$", re.IGNORECASE)
_PLACE_BEFORE = re.compile(r"(?:trên địa bàn|toàn)\s+[\w\s-]{2,30}\s*$", re.IGNORECASE)


def read_sentence(text: str) -> Timing | None:
    """The deadline or rhythm a sentence of running text sets, or None.

    Dates that only belong to a cited document ("Quyết định số 5 ngày 1/2/2021") and years that are part of a name ("Kế hoạch …
    năm 2021", "giai đoạn 2021-2025") set no deadline: a date needs a cue before it ("trước", "hoàn thành", "trong" …), a bare year
    has to open the sentence, follow "trong", or close it behind a place ("trên địa bàn tỉnh năm 2021").
    """
    kept = [a for a in atoms(text) if _sets_deadline(text, a)]
    if not kept:
        return None
    parts: list[str] = []
    end = -1
    for atom in kept:
        gap = text[end : atom.start] if end >= 0 else ""
        if parts and re.fullmatch(r"[\s,;]*(?:(?:đối với|cho|với) (?:báo cáo )?[\w\s]{1,20})?[\s,;]*(?:và|hoặc)?[\s(]*", gap):
            parts[-1] += gap + text[atom.start : atom.end]
        else:
            parts.append(text[atom.start : atom.end])
        end = atom.end
    tail = re.match(r"\s+(?:đối với|cho) báo cáo [\w\s]{1,12}?(?=[),.;]|$)", text[end:])
    if tail:
        parts[-1] += tail[0]
    if parts[-1].count("(") > parts[-1].count(")"):
        parts[-1] = parts[-1].replace("(", ", ").replace(" ,", ",")
    if re.search(r"định kỳ\s*$", text[: kept[0].start], re.IGNORECASE):
        parts[0] = f"định kỳ {parts[0]}"
    wording = ", ".join(dict.fromkeys(tidy(p) if n == 0 else p.strip() for n, p in enumerate(parts)))
    return Timing(wording, normal_form(tuple(kept)))


def _sets_deadline(text: str, atom: Atom) -> bool:
    before, after, form = text[: atom.start], text[atom.end :], atom.form
    if text[atom.start : atom.end].lower() == "theo yêu cầu" or re.search(r"(?:tầm nhìn|định hướng)\s*$", before, re.IGNORECASE):
        return False
    if form.startswith(("<=", "mỗi", "khi", "trong", "đột xuất", "ngay")) or "/" in form:
        return not (form.startswith("<=") and re.search(r"số\s+\S+\s*$", before))
    if form == "thường xuyên":
        return not re.search(r"(?:nhiệm vụ|chi|kinh phí|nguồn|ngân sách|hoạt động)\s+$", before, re.IGNORECASE)
    if form.startswith(("hằng", "---")):
        return True
    if form.startswith("theo"):
        return False
    opens = not before.strip(" -+*.,(")
    if re.fullmatch(r"\d{4}(?:\.\.\d{4})?", form):
        if opens or re.search(r"\btrong\s*$", before) or text[atom.start : atom.end].lower().startswith("trong"):
            return True
        if ".." in form:
            return bool(re.search(r"[;,(]\s*$", before)) and not after.strip(" .;,/)")
        return bool(_PLACE_BEFORE.search(before)) and not after.strip(" .;,/")
    if re.fullmatch(r"[\d-]+", form) and _NOT_A_DEADLINE.search(before) and not _CUE.search(before):
        return False
    return opens or bool(_CUE.search(before)) or "Q" in form or ".." in form
