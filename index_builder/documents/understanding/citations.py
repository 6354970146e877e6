"""Documents that a text names: kind, number, date, issuer, what about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from index_builder.documents.understanding.draft import Basis
from index_builder.documents.understanding.pieces import Place

_KIND = (
    r"(?:Quyết định|Kế hoạch|Nghị quyết|Nghị định|Chỉ thị|Thông tư liên tịch|Thông tư|Công văn|Tờ trình|Chương trình hành động|"
    r"Chương trình|"
    r"Thông báo|Luật|Kết luận|Hướng dẫn|Đề án|Báo cáo|Công điện|Văn bản|Phương án)"
)
NUMBER = r"\d{1,5}[a-z]?\s*(?:/\s*\d{4})?\s*(?:/|-)\s*[A-ZĐ][A-ZĐa-z0-9&]*(?:\s*[-–/]\s*[A-ZĐ][A-ZĐa-zà-ỹ0-9&.]*)*"
"""The number and symbol of a document: ``103/KH-UBND``, ``45/2016/QĐ-TTg``, ``16-NQ/TU``, ``202/2025/QH15``."""
DATE = r"(?:ngày\s+(?P<d>\d{1,2})\s*(?:/|-|\.|\s+tháng\s+)\s*(?P<m>\d{1,2})\s*(?:/|-|\.|,?\s+năm\s+)\s*(?P<y>\d{4}))"
_CITED = re.compile(
    rf"(?P<kind>{_KIND})\s+(?:liên tịch\s+)?(?:số\s*:?\s*)?(?P<number>{NUMBER})(?:(?P<gap>(?:\s+của\s+[^,;.]{{3,60}}?)?[\s,]*){DATE})?",
)
_LAW = re.compile(
    r"(?P<title>(?:Luật|Bộ luật|"
    r"Pháp lệnh)\s+(?:sửa đổi, bổ sung một số điều của\s+Luật\s+)?[A-ZĐỦỨÁÀ][^;.,()]{2,70}?(?:,\s+[a-zđ][^;.,()]{2,40}?)?)"
    r"(?:\s+(?:ngày\s+(?P<d>\d{1,2})\s*(?:/|\s+tháng\s+)(?P<m>\d{1,2})\s*(?:/|\s+năm\s+)(?P<y>\d{4})|(?:số\s+)?năm\s+(?P<year>\d{4}))|"
    r"(?=[;.,()]|\s+(?:và|quy định|về)\s))"
)
_ISSUER = re.compile(
    r"^[\s,)]*(?:\([^()]*\)\s*)?của\s+(?P<body>[^;.()]{3,90}?)(?=\s+(?i:về việc|về|ban hành|phê duyệt|quy định|v/v|đẩy mạnh|sửa đổi|"
    r"triển khai|trong việc|hướng dẫn|thực hiện|tại)\b|[,;.()]|$)"
)
_ABOUT = re.compile(
    r"^[\s,]*(?:về việc|về|v/v)\s+(?P<about>[^;]{3,240}?)(?=;|\.\s|\.$|$)|^\s*(?P<verb>(?:ban hành|phê duyệt|quy định|sửa đổi|hướng dẫn|"
    r"triển khai|đẩy mạnh)[^;]{3,240}?)(?=;|\.\s|\.$|$)",
    re.IGNORECASE,
)


def tidy_number(text: str) -> str:
    """ "103 /KH-UBND" → "103/KH-UBND"."""
    return re.sub(r"\s*([/–-])\s*", r"\1", text).replace("–", "-").strip(" .,-")


def date_of(match: re.Match[str]) -> dt.date | None:
    """The date in a match of ``DATE``; None where there is none or it is impossible."""
    try:
        return dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
    except (TypeError, ValueError):
        return None


def cited(text: str, place: Place, *, preamble: bool) -> list[Basis]:
    """Every document that ``text`` names by number, and every law that it names by title."""
    found: list[Basis] = []
    spans: list[tuple[int, int]] = []
    for match in _CITED.finditer(text):
        number = tidy_number(match["number"])
        after = text[match.end() :]
        issuer = _ISSUER.match(after)
        body = issuer["body"].strip() if issuer else _of(match["gap"] or "")
        about = _ABOUT.match(after[issuer.end() :] if issuer else after)
        title = f"{match['kind']} {(about['about'] and 'về ' + about['about']) or about['verb']}" if about else match["kind"]
        proposer = re.search(r"theo đề nghị của (?P<who>[^;.]{3,80}?) tại\s*$", text[: match.start()], re.IGNORECASE)
        found.append(Basis(number, date_of(match), proposer["who"] if proposer else body, _short(title), preamble, place))
        spans.append(match.span())
    for match in _LAW.finditer(text):
        if not any(a <= match.start() < b for a, b in spans):
            year = f" năm {match['year']}" if match["year"] and match["year"] not in match["title"] else ""
            found.append(Basis(None, date_of(match), "Quốc hội", _short(match["title"].strip() + year), preamble, place))
    return found


def _of(gap: str) -> str | None:
    inner = re.search(r"của\s+(.+?)\s*,?\s*$", gap)
    return inner[1] if inner else None


def _short(title: str) -> str:
    title = re.sub(r"\s+", " ", title).strip(" .,;")
    if title.count(")") > title.count("("):
        title = title[: title.rfind(")")]
    return title if len(title) <= 220 else title[:217].rsplit(" ", 1)[0] + " …"


def once(bases: Sequence[Basis], own: str | None) -> tuple[Basis, ...]:
    """Each document once: the preamble's mention wins, then the one that says more; the plan's own number is left out."""
    kept: dict[str, Basis] = {}
    for basis in bases:
        key = (basis.number or basis.title).casefold()
        if own and basis.number and basis.number.casefold() == own.casefold():
            continue
        before = kept.get(key)
        if before is None:
            kept[key] = basis
        else:
            kept[key] = replace(
                before,
                date=before.date or basis.date,
                issued_by=before.issued_by or basis.issued_by,
                title=max((before.title, basis.title), key=len),
                preamble=before.preamble or basis.preamble,
            )
    return tuple(kept.values())
