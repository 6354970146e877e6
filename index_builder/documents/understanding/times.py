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
from dataclasses import dataclass

from index_builder.documents.understanding.time_atoms import Atom, atoms, normal_form


@dataclass(frozen=True)
class Timing:
    """``wording``: as in the original, tidied; ``normal``: the normalised form; both empty strings never occur."""

    wording: str
    normal: str


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


_ONE_MORE = re.compile(r"\s*(?:,|và|,\s*và|hoặc)\s*")
"""Between a deadline and one more of its kind: "trước ngày 05/6 |và| 05/12"."""
_NO_MORE_THAN = re.compile(r"(?:không quá|tối đa|không vượt quá)\s*$", re.IGNORECASE)


def read_sentence(text: str) -> Timing | None:
    """The deadline or rhythm a sentence of running text sets, or None.

    Dates that only belong to a cited document ("Quyết định số 5 ngày 1/2/2021") and years that are part of a name ("Kế hoạch …
    năm 2021", "giai đoạn 2021-2025") set no deadline: a date needs a cue before it ("trước", "hoàn thành", "trong" …), a bare year
    has to open the sentence, follow "trong", or close it behind a place ("trên địa bàn tỉnh năm 2021").
    """
    kept: list[Atom] = []
    for atom in atoms(text):
        follows = bool(kept) and bool(_ONE_MORE.fullmatch(text[kept[-1].end : atom.start])) and kept[-1].form.startswith("<=")
        if _sets_deadline(text, atom) or (follows and re.fullmatch(r"[\d-]+", atom.form)):
            kept.append(atom)
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
    if _NO_MORE_THAN.search(before) and "/" in form:
        return False
    if text[atom.start : atom.end].lower() == "theo yêu cầu" or re.search(r"(?:tầm nhìn|định hướng)\s*$", before, re.IGNORECASE):
        return False
    if form.startswith(("<=", "mỗi", "khi", "trong", "đột xuất", "ngay", "kỳ họp")) or "/" in form:
        return not (form.startswith("<=") and re.search(r"số\s+\S+\s*$", before))
    if form == "thường xuyên":
        return not re.search(r"(?:nhiệm vụ|chi|kinh phí|nguồn|ngân sách|hoạt động)\s+$", before, re.IGNORECASE)
    if form.startswith(("hằng", "---")):
        return True
    if form.startswith("theo"):
        return False
    opens = not before.strip(" -+*.,(")
    if re.fullmatch(r"\d{4}(?:\.\.\d{4})?", form):
        if opens or re.search(r"\b(?:trong|vào)\s*$", before) or text[atom.start : atom.end].lower().startswith("trong"):
            return True
        if ".." in form:
            return bool(re.search(r"[;,(]\s*$", before)) and not after.strip(" .;,/)")
        return bool(_PLACE_BEFORE.search(before)) and not after.strip(" .;,/")
    if re.fullmatch(r"[\d-]+", form) and _NOT_A_DEADLINE.search(before) and not _CUE.search(before):
        return False
    return opens or bool(_CUE.search(before)) or "Q" in form or ".." in form
