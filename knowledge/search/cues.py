"""Signs in a question that it may lie outside what Vietnamese authorities do: another country's services, a wish for an opinion.

They only lower or raise the confidence, by weights learnt with the calibration; a question about a foreign element ("cưới chồng người
Nhật") still finds its record, whose name speaks of it.
"""

from __future__ import annotations

from knowledge.phrases import PhraseTable
from knowledge.search.query import Query
from knowledge.text import accented_keys, folded_keys, padded

_COUNTRIES = (
    "Mỹ", "Hoa Kỳ", "Nhật", "Nhật Bản", "Hàn", "Hàn Quốc", "Triều Tiên", "Trung Quốc", "Đài Loan", "Hồng Kông", "Ma Cao", "Đức", "Pháp",
    "Anh Quốc", "Nước Anh", "Úc", "Ca-na-đa", "Canada", "Nga", "Lào", "Campuchia", "Thái Lan", "Thái", "Singapore", "Sing", "Malaysia",
    "Indonesia", "Philippines", "Ấn Độ", "Ba Lan", "Séc", "Thụy Điển", "Na Uy", "Phần Lan", "Hà Lan", "Bỉ", "Tây Ban Nha", "Bồ Đào Nha",
    "Thụy Sĩ", "New Zealand", "Dubai", "Hungary", "Ukraine", "Brazil", "Châu Âu", "Đan Mạch", "Ý",
)  # fmt: skip
_PLACED = ("ở", "bên", "tại", "sang", "qua", "của", "nước", "đi")
_SAME_FOLDED = {"y", "anh", "duc", "my", "nga", "bi", "sec", "lao", "phap", "uc", "han", "thai", "sing", "nuoc anh"}
"""Names that, without tone marks, are everyday words: taken as a country only after "bên" or "nước"."""
_CITIES = tuple(
    padded(folded_keys(t))
    for t in (
        "Paris", "Tokyo", "Osaka", "Seoul", "Busan", "London", "New York", "California", "Texas", "Washington", "Berlin", "Sydney",
        "Melbourne", "Bangkok", "Bắc Kinh", "Thượng Hải", "Đài Bắc", "Phnom Penh", "Viêng Chăn", "Moscow", "Toronto", "Vancouver",
    )
)  # fmt: skip
_FOREIGN_RECORD = (
    " nuoc ngoai ", " ngoai giao ", " lanh su ", " dai su ", " ho chieu ", " thi thuc ", " quoc tich ", " xuat canh ", " nhap canh ",
    " bien gioi ", " xuat khau ", " nhap khau ", " quoc te ",
)  # fmt: skip
_OPINION = PhraseTable(
    tuple(folded_keys(t))
    for t in (
        "cho ý kiến", "theo bạn", "theo em thì", "bạn nghĩ", "nghĩ sao về", "nghĩ gì về", "tại sao", "vì sao", "sao lại", "bình luận",
        "nhận xét", "so sánh", "ai giỏi hơn", "tốt hơn hay", "xem giùm", "coi giùm", "dự đoán", "đánh giá giúp",
        "nào giỏi", "nào tốt", "nào uy tín", "nào ngon", "nào bền", "nào đẹp", "ở đâu đẹp", "ở đâu ngon", "có nên", "nên mua", "nên chọn",
        "có bị lừa", "lời khuyên", "tư vấn tâm lý",
    )
)  # fmt: skip


def _placed(names: tuple[str, ...]) -> tuple[PhraseTable, PhraseTable]:
    """Keys of "ở Nhật" and the like: (accented, folded)."""
    accented, folded = [], []
    for name in names:
        key = " ".join(folded_keys(name))
        for word in _PLACED:
            accented.append(tuple(accented_keys(f"{word} {name}")))
            if key not in _SAME_FOLDED or word in ("bên", "nước"):
                folded.append(tuple(folded_keys(f"{word} {name}")))
    return PhraseTable(accented), PhraseTable(folded)


_ABROAD_ACCENTED, _ABROAD_FOLDED = _placed(_COUNTRIES)


def abroad(query: Query) -> bool:
    """Whether the question places something in another country."""
    if query.marked:
        return _ABROAD_ACCENTED.stands_in(accented_keys(query.plain))
    return _ABROAD_FOLDED.stands_in(folded_keys(query.plain))


def foreign(title: str) -> bool:
    """Whether a record's name speaks of other countries."""
    text = padded(folded_keys(title))
    return any(word in text for word in _FOREIGN_RECORD)


def opinion(query: Query) -> bool:
    """Whether the question asks what the bot thinks rather than what to do."""
    return _OPINION.stands_in(folded_keys(query.plain))
