"""The word that names what a document is: "KẾ HOẠCH", "QUYẾT ĐỊNH" …"""

from __future__ import annotations

import re

from index_builder.documents.understanding.pieces import Line

KINDS = {
    "KẾ HOẠCH": "Kế hoạch",
    "QUYẾT ĐỊNH": "Quyết định",
    "CHƯƠNG TRÌNH": "Chương trình",
    "PHƯƠNG ÁN": "Phương án",
    "ĐỀ ÁN": "Đề án",
    "CHỈ THỊ": "Chỉ thị",
    "THÔNG BÁO": "Thông báo",
    "HƯỚNG DẪN": "Hướng dẫn",
    "NGHỊ QUYẾT": "Nghị quyết",
    "QUY CHẾ": "Quy chế",
    "QUY ĐỊNH": "Quy định",
    "BÁO CÁO": "Báo cáo",
    "CHƯƠNG TRÌNH HÀNH ĐỘNG": "Chương trình hành động",
    "DỰ ÁN": "Dự án",
    "TỜ TRÌNH": "Tờ trình",
    "CÔNG ĐIỆN": "Công điện",
    "CHIẾN LƯỢC": "Chiến lược",
    "KẾ HOẠCH HÀNH ĐỘNG": "Kế hoạch hành động",
    "LỊCH": "Lịch",
    "CÔNG VĂN": "Công văn",
}
_LED_BY = ("KẾ HOẠCH", "CHƯƠNG TRÌNH", "PHƯƠNG ÁN")
"""Heading words that often stand on one line with the rest of a title in capitals."""


def bare(text: str) -> str:
    """A line's letters without marks around it, for comparing headings."""
    return re.sub(r"\s+", " ", re.sub(r"[*_#]+", " ", text)).strip()


def kind_of(line: Line) -> str | None:
    """ "KẾ HOẠCH" or a spaced or bold form of it on a line of its own → "Kế hoạch"."""
    text = bare(line.text).strip(" .-–:")
    spaced = re.sub(r"(?<=\b\w) (?=\w\b)", "", text)
    return KINDS.get(text) or KINDS.get(spaced) or next((KINDS[k] for k in _LED_BY if text.isupper() and text.startswith(f"{k} ")), None)


def rest_of_kind(line: Line) -> str:
    """ "KẾ HOẠCH HOẠT ĐỘNG" → "hoạt động": what of the title stands on the line of the heading word."""
    text = bare(line.text).strip(" .-–:")
    lead = next((k for k in _LED_BY if text.startswith(f"{k} ") and text not in KINDS), None)
    return text[len(lead) :].strip().lower() if lead else ""
