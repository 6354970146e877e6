"""The head of a document: number, date, place, issuing body, title, province, period."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from index_builder.documents.understanding.bodies import Names, leading
from index_builder.documents.understanding.citations import NUMBER, date_of, tidy_number
from index_builder.documents.understanding.directory import Directory, key_of
from index_builder.documents.understanding.draft import Found
from index_builder.documents.understanding.kinds import bare
from index_builder.documents.understanding.pieces import Line, Place
from index_builder.documents.understanding.segments import Segments

_DOTS = r"[\s.…_]*"
_NUMBER_LINE = re.compile(rf"^\s*Số\s*:?\s*(?P<number>{NUMBER})", re.IGNORECASE)
_NUMBER_LINE_CASED = re.compile(rf"\bSố\s*:?\s*(?P<number>{NUMBER})")
_BLANK_NUMBER = re.compile(rf"^\s*Số\s*:?{_DOTS}[/-]\s*(?P<symbol>[A-ZĐ][\w&-]*(?:[-/][A-ZĐ]\w*)*)")
_PLACE_DATE = re.compile(
    rf"^\W*(?P<place>[^\W\d_][\w\s.-]{{1,40}}?)\s*,\s*(?:ngày){_DOTS}(?P<d>\d{{1,2}})?{_DOTS}(?:tháng|"
    rf"/){_DOTS}(?P<m>\d{{1,2}})?{_DOTS}(?:năm|/){_DOTS}(?P<y>\d{{4}})?"
)
_ATTACHED = re.compile(
    rf"kèm theo\s+(?P<kind>Quyết định|Kế hoạch|Công văn|Chương trình|Phương án|"
    rf"Nghị quyết)\s+số\s*:?\s*(?P<number>{NUMBER})?{_DOTS}(?:/[\w-]+)?[\s,]*"
    rf"(?:ngày{_DOTS}(?P<d>\d{{1,2}})?{_DOTS}(?:/|-|tháng){_DOTS}(?P<m>\d{{1,2}})?{_DOTS}(?:/|-|"
    rf"năm){_DOTS}(?P<y>\d{{4}})?)?(?:\s+của\s+(?P<body>[^()]{{3,80}}))?",
    re.IGNORECASE,
)
_MOTTO = re.compile(r"CỘNG H|Độc lập|^[-–_=*\s]+$|ĐẢNG CỘNG SẢN")
_YEARS = re.compile(
    r"(?P<whole>(?:giai đoạn|các năm|từ năm|năm học|nhiệm kỳ|mùa \w+|vụ [\w ]{2,12}?)\s+"
    r"(?P<a>(?:19|20)\d{2})\s*(?:-|–|—|đến)\s*(?:năm\s+)?(?P<z>(?:19|20)\d{2}))|"
    r"(?P<one>(?:(?:0?6|0?9|sáu|những|các) tháng (?:đầu|cuối) |quý\s+[IV]+[/\s]*|tháng\s+\d+[/\s]*)?"
    r"năm\s+(?P<y>(?:19|20)\d{2})(?P<more>\s+và\s+(?:các|"
    r"những)\s+năm\s+tiếp\s+theo)?)|"
    r"(?P<short>(?<=[\s/])(?P<s>20\d{2})(?P<e>\s*-\s*20\d{2})?)",
    re.IGNORECASE,
)


def number_of(segments: Segments, attached: Sequence[Line]) -> tuple[Found[str | None], Found[dt.date | None], Found[str]]:
    """Number, date and place of signing; where the head leaves them blank, those that an annex gives for the plan itself."""
    head = (segments.decision or segments).head
    number: Found[str | None] = Found(None, 0.5, None, "bản gốc không có dòng số hoặc để trống số")
    date: Found[dt.date | None] = Found(None, 0.5, None, "bản gốc không có dòng ngày hoặc để trống ngày")
    place = Found("", 0.0, None, "không thấy nơi ban hành")
    for line in head:
        where = Place("đầu văn bản", line.page)
        text = bare(line.text)
        if (match := _NUMBER_LINE.match(text) or _NUMBER_LINE_CASED.search(text)) and number.value is None:
            number = Found(tidy_number(match["number"]), 0.98, where)
        match = _PLACE_DATE.search(re.sub(r"^.*(?:Hạnh phúc|Số\s*:\s*\S+)\s+(?=\S)", "", text))
        if match and not place.value:
            place = Found(match["place"].strip(), 0.97, where)
            day = date_of(match)
            if day:
                date = Found(day, 0.98, where)
    for line in attached:
        match = _ATTACHED.search(line.text)
        if not match:
            continue
        own = segments.decision is not None or match["kind"].lower() != "quyết định" or number.value is None
        where = Place("dòng “kèm theo”", line.page)
        if own and number.value is None and match["number"]:
            number = Found(tidy_number(match["number"]), 0.85, where, "số lấy ở dòng “kèm theo”, không phải ở đầu văn bản")
        if own and date.value is None and (day := date_of(match)):
            date = Found(day, 0.85, where, "ngày lấy ở dòng “kèm theo”, không phải ở đầu văn bản")
    return number, date, place


def attached_decision(lines: Sequence[Line]) -> str | None:
    """The number of the decision with which the plan is issued, from "(Ban hành kèm theo Quyết định số …)"."""
    for line in lines:
        match = _ATTACHED.search(line.text)
        if match and match["kind"].lower() == "quyết định" and match["number"]:
            return tidy_number(match["number"])
    return None


def sentence_case(name: str, directory: Directory) -> str:
    """A name in capitals → as it is written in text, by the directory where it knows the name."""
    if not name.isupper():
        return name
    known = {key_of(n): n for n in sorted((*directory.names, *directory.provinces), key=len)}
    lowered = name.lower()
    for prefix in ("tỉnh ", "thành phố ", "huyện ", "thị xã ", "quận ", "xã ", "phường ", "thị trấn "):
        at = lowered.find(f" {prefix}") if not lowered.startswith(prefix) else 0
        if at == 0:
            return prefix + _capitals(lowered[len(prefix) :])
        if at > 0:
            return f"{sentence_case(name[:at], directory)} {prefix}{_capitals(lowered[at + 1 + len(prefix) :])}"
    if key_of(name) in known:
        return known[key_of(name)]
    pieces = re.split(r"(\s+và\s+|\s*,\s*|\s+-\s+)", lowered)
    head = re.match(r"(?:sở|ban|phòng|chi cục|cục|trung tâm|bộ|hội|văn phòng)\s+", pieces[0])
    first = pieces[0][: head.end()].capitalize() + _first(pieces[0][head.end() :]) if head else _first(pieces[0])
    return first + "".join(p if i % 2 == 0 else _first(p) for i, p in enumerate(pieces[1:]))


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _capitals(text: str) -> str:
    return " ".join(_first(w) for w in text.split())


_OPENS_HEADER = re.compile(
    r"(?:SỞ|BAN|BCĐ|TỔ (?:CÔNG TÁC|GIÚP VIỆC)|PHÒNG|TRUNG TÂM|CHI CỤC|CỤC|[ỦU]Y BAN|UBND|HỘI|ĐOÀN|LIÊN|BÁO|ĐÀI|VĂN PHÒNG|BỘ|TRƯỜNG|"
    r"BỆNH VIỆN|CÔNG AN|THANH TRA|"
    r"TỈNH [ỦU]Y|HUYỆN [ỦU]Y|"
    r"THÀNH [ỦU]Y|VIỆN|QUỸ|CÔNG TY|HỘI ĐỒNG|KHO BẠC|BẢO HIỂM)\b"
)
"""Capitals that open the name of another body; any other line of a head goes on with the one above."""


_BELOW_COUNCIL = re.compile(
    r"^((?:UBND|[ỦU]Y BAN NHÂN DÂN|(?:BCĐ|BAN CHỈ ĐẠO) .{2,60}?) (?:TỈNH|THÀNH PHỐ|HUYỆN|THỊ XÃ|QUẬN|PHƯỜNG|XÃ) .{2,30}?)\s+"
    r"((?:SỞ|PHÒNG|CHI CỤC|TRUNG TÂM|BAN (?:QUẢN|CHỈ|DÂN|TÔN)|TỔ CÔNG TÁC|"
    r"TỔ GIÚP VIỆC)\s.*)$"
)
"""Between a council and its office that a format put on one line: "UBND TỈNH X |SỞ Y"."""


def _header_body(head: Sequence[Line], directory: Directory) -> str:
    """The issuing body above "Số: …": "UBND TỈNH QUẢNG NGÃI / SỞ CÔNG THƯƠNG" → "Sở Công Thương tỉnh Quảng Ngãi"."""
    lines: list[str] = []
    for line in head:
        whole = bare(line.text)
        text = re.split(r"\s*CỘNG H[ÒO]A|\s*Độc lập\b|\s{3,}|\s*\bS[ốỐ]\s*:", whole)[0].strip()
        if _PLACE_DATE.match(text):
            break
        if text and not _MOTTO.search(text) and text.isupper():
            together = _BELOW_COUNCIL.match(text)
            lines += together.groups() if together else (text,)
        if re.search(r"\bS[ốỐ]\s*:", whole):
            break
    joined: list[str] = []
    for text in lines:
        if joined and not _OPENS_HEADER.match(text):
            joined[-1] += f" {text}"
        else:
            joined.append(text)
    if not joined:
        return ""
    names = [sentence_case(re.sub(r"^UBND\b", "ỦY BAN NHÂN DÂN", t), directory) for t in joined]
    if len(names) == 1:
        return names[0]
    where = re.search(r"((?:tỉnh|thành phố|huyện|thị xã|quận|xã|phường)\s+\S.*)$", names[0])
    return f"{names[-1]} {where[1]}" if where and where[1] not in names[-1] else names[-1]


def issuer(segments: Segments, province: str, level: str, foot: Sequence[Line], names: Names, directory: Directory) -> Found[str]:
    """The body that issues: above the number; else who "ban hành" in the preamble; else on whose behalf it is signed."""
    source = segments.decision or segments
    named = _header_body(source.head, directory)
    whole = f"{level} {province}".strip()
    if named:
        known = named if province and (province in named or re.search(r"tỉnh \S", named)) else f"{named} {whole}".strip()
        return Found(known, 0.95, Place("đầu văn bản", source.head[0].page if source.head else None))
    for line in (*segments.preamble, *segments.closing):
        for match in re.finditer(r"(?<![^\W\d_])(?=[A-ZĐỦU])", line.text):
            bodies, rest = leading(line.text[match.start() :], names)
            if len(bodies) == 1 and re.match(r"(?:ban hành|xây dựng|triển khai|lập|tổ chức)\b", rest):
                body = re.sub(r"^UBND\b", "Ủy ban nhân dân", bodies[0])
                body = re.sub(r"\s+tỉnh$", "", body) if province and body.endswith(" tỉnh") else body
                body = body if province in body else f"{body} {whole}"
                return Found(body, 0.85, Place("phần mở đầu", line.page), "cơ quan ban hành suy từ lời văn, đầu văn bản không ghi")
    for line in foot:
        behalf = re.match(r"T\.?M\.?\s*(.+)", bare(line.text))
        if behalf:
            body = sentence_case(behalf[1].strip(), directory)
            return Found(
                f"{body} {whole}" if province not in body else body, 0.8, Place("phần ký", line.page), "cơ quan ban hành suy từ phần ký"
            )
    return Found("", 0.0, None, "không thấy cơ quan ban hành")


def province_of(segments: Segments, place: str, text: str, directory: Directory) -> tuple[Found[str], str]:
    """``(province, "tỉnh" or "thành phố")`` as named then: by the head, the place of signing, the title, then the text."""
    source = segments.decision or segments
    title = " ".join(t.text for t in segments.title)
    head = " ".join(bare(t.text) for t in source.head)
    for words, confidence in ((head, 0.97), (place, 0.97), (title, 0.95), (text, 0.85)):
        found = _first_province(words, directory)
        if found:
            return Found(found, confidence, Place("đầu văn bản")), directory.provinces[found]
    for words in (head, title, text):
        match = re.search(r"(?P<kind>tỉnh|TỈNH|Tỉnh)\s+(?P<name>[A-ZĐÀ-Ỹ][\wà-ỹ]*(?:\s+[A-ZĐÀ-Ỹ][\wà-ỹ]*){0,3})", words)
        if match and match["name"].split()[0].lower() not in ("ủy", "uỷ", "đoàn"):
            name = re.sub(
                r"\s+(?:Sở|Ủy|Ban|Số|Cộng|Hội|Công|Độc|Tổ|Trung tâm|Phòng|Chi cục|Trường)\b.*$", "", match["name"], flags=re.IGNORECASE
            )
            name = _capitals(name.lower()) if name.isupper() else name
            return Found(name, 0.6, Place("đầu văn bản"), f"tỉnh {name!r} chưa có trong provinces.yaml"), "tỉnh"
    return Found(place, 0.3, None, "không chắc tỉnh nào"), "tỉnh"


def _first_province(words: str, directory: Directory) -> str:
    folded = words.casefold()
    at = {name: m.start() for name in directory.provinces if (m := re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded))}
    return min(at, key=lambda n: (at[n], -len(n))) if at else ""


def title_of(segments: Segments, subject: str) -> Found[str]:
    """ "Kế hoạch" and its lines, joined; of a letter, "Công văn" and its "V/v"."""
    if segments.kind is None:
        about = re.sub(r"^\s*V/v\s*:?\s*", "", subject, flags=re.IGNORECASE)
        title = f"Công văn về {about[:1].lower()}{about[1:]}" if about else "Công văn"
        return Found(title, 0.9 if about else 0.3, Place("đầu văn bản"), "" if about else "không thấy trích yếu")
    text = re.sub(r"\s+", " ", " ".join(bare(line.text) for line in segments.title)).strip(" .-")
    if not text:
        return Found(segments.kind, 0.3, None, "không thấy tên văn bản")
    if text.isupper():
        text = text.lower()
    lowered = text if text[:2].isupper() else text[:1].lower() + text[1:]
    lowered = re.sub(r"^(?:về việc|v/v)\s+", "", lowered)
    if segments.kind == "Quyết định":
        lowered = f"về việc {lowered}"
    where = Place("đầu văn bản", segments.title[0].page)
    repeated = lowered.casefold().startswith(segments.kind.casefold())
    return Found(lowered[:1].upper() + lowered[1:] if repeated else f"{segments.kind} {lowered}", 0.93, where)


def period_of(title: str, date: dt.date | None, head: Sequence[Line]) -> tuple[Found[tuple[int, ...]], Found[str]]:
    """The years a plan is for and how its title says so; else the year it was signed."""
    where = Place("tên văn bản")
    matches = list(_YEARS.finditer(title))
    span = next((m for m in matches if m["whole"]), None)
    one = next((m for m in reversed(matches) if m["one"]), None)
    if one and (span is None or one.start() > span.end()):
        return Found((int(one["y"]),), 0.95, where), Found(_first(one["one"]), 0.95, where)
    if span:
        first, last = int(span["a"]), int(span["z"])
        years = tuple(range(first, last + 1)) if 0 <= last - first <= 30 else (first,)
        return Found(years, 0.95, where), Found(_first(re.sub(r"\s*[-–—]\s*", "-", span["whole"])), 0.95, where)
    if date:
        return Found((date.year,), 0.7, None, "tên không nêu năm; lấy năm ban hành"), Found(
            f"Năm {date.year}", 0.6, None, "tên không nêu thời gian áp dụng"
        )
    for line in head:
        match = re.search(r"năm\s+(20\d{2})", line.text)
        if match:
            return Found((int(match[1]),), 0.6, None, "lấy năm ở dòng ngày"), Found(
                f"Năm {match[1]}", 0.5, None, "tên không nêu thời gian áp dụng"
            )
    return Found((), 0.0, None, "không thấy năm áp dụng"), Found("", 0.0, None, "không thấy thời gian áp dụng")
