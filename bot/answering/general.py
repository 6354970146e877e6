"""Answers from guides, terms, offices, provinces and legal documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.answering.parts import Record, bullets, day, doubt, in_force, listed, numbered, sentence, since_when, sources_line
from bot.types import Answer, Outcome
from bot.understanding.names import Names
from knowledge.entries import Entry

STATES: Mapping[str, str] = {
    "in_force": "còn hiệu lực",
    "amended": "còn hiệu lực, đã được sửa đổi, bổ sung",
    "replaced": "không còn hiệu lực, đã có văn bản thay thế",
    "expired": "đã hết hiệu lực",
    "upcoming": "đã ban hành nhưng chưa có hiệu lực",
    "unclear": "chưa xác định chắc chắn còn hiệu lực hay không, cần kiểm tra",
}


def _finish(lines: list[str], record: Record, notes: list[str]) -> str:
    warning = doubt(record)
    if warning:
        notes.append(warning)
    return "\n".join([*lines, *(f"Lưu ý: {n}" for n in notes), sources_line(record, shown=record.get("links", ()))])


def guide(entry: Entry) -> Answer:
    record = entry.record or {}
    lines = [sentence(str(record["answer"])), *numbered(record.get("steps", ())), *bullets(record.get("tips", ()))]
    links = tuple(record.get("links", ()))
    lines += [f"Liên kết: {link}" for link in links if not any(link in line for line in lines)]
    notes = [sentence(str(record["note"]))] if record.get("note") else []
    text = _finish(lines, record, notes)
    return Answer(Outcome.FOUND, text, offices=tuple(record.get("offices", ())), links=links, notes=tuple(notes))


def term(entry: Entry) -> Answer:
    record = entry.record or {}
    lines = [f"{record['name']}: {sentence(str(record['definition']))}"]
    if record.get("publisher"):
        lines.append(f"Cơ quan công bố: {sentence(str(record['publisher']))}")
    if record.get("components"):
        lines.append(f"Gồm {len(record['components'])} nội dung:")
        lines += bullets(record["components"])
    lines += bullets(record.get("facts", ()))
    notes = [sentence(str(record["note"]))] if record.get("note") else []
    return Answer(Outcome.FOUND, _finish(lines, record, notes), notes=tuple(notes))


def legal_state(record: Record, today: dt.date) -> str:
    """The document's state on ``today``: a document whose time is past or to come is so whatever its record says."""
    state = str(record["state"])
    if record.get("valid_from") and dt.date.fromisoformat(record["valid_from"]) > today:
        return "upcoming"
    if state == "upcoming" and record.get("valid_from"):
        return "in_force"
    replaced_later = [r for r in record.get("replaced_by", ()) if r.get("since") and dt.date.fromisoformat(r["since"]) > today]
    if state == "replaced" and replaced_later and len(replaced_later) == len(record.get("replaced_by", ())):
        return "in_force"
    if not in_force(record, today) and state in ("in_force", "amended"):
        return "expired"
    return state


def legal_document(entry: Entry, today: dt.date) -> Answer:
    record = entry.record or {}
    state = legal_state(record, today)
    lines = [f"{record['number']} ({record['title']}): {STATES[state]}."]
    for row in record.get("replaced_by", ()):
        since = f" từ {day(row['since'])}" if row.get("since") else ""
        scope = f" ({row['scope']})" if row.get("scope") else ""
        lines.append(f"Thay bằng: {row['number']}{', ' + row['title'] if row.get('title') else ''}{scope}{since}.")
    for row in record.get("amended_by", ()):
        since = f" từ {day(row['since'])}" if row.get("since") else ""
        lines.append(f"Sửa đổi bởi: {row['number']}{', ' + row['title'] if row.get('title') else ''}{since}.")
    lines.append(f"Nội dung: {sentence(str(record['about']))}")
    if record.get("issued_by"):
        on = f" ngày {day(record['issued_on'])}" if record.get("issued_on") else ""
        lines.append(f"Cơ quan ban hành: {record['issued_by']}{on}.")
    if record.get("valid_from"):
        lines.append(f"Có hiệu lực từ {day(record['valid_from'])}.")
    if record.get("valid_to"):
        lines.append(f"Áp dụng đến hết {day(record['valid_to'])}.")
    notes = [sentence(str(record["note"]))] if record.get("note") else []
    return Answer(Outcome.FOUND, _finish(lines, record, notes), notes=tuple(notes))


def office(entry: Entry, province: str | None, names: Names, today: dt.date) -> Answer:
    """What a body does, and who took over from it, in ``province`` where that matters."""
    record = entry.record or {}
    rows = names.successors(entry, province, today)
    own = [r for r in rows if r.get("province")]
    lines: list[str] = []
    bodies: list[str] = []
    for row in [*own, *(r for r in rows if not r.get("province"))]:
        since = since_when(row)
        scope = f", phần {row['scope']}" if row.get("scope") else ""
        basis = f" ({row['basis']})" if row.get("basis") else ""
        where = f" tại {row['province']} trước đây" if row.get("province") else ""
        check = " Cần kiểm tra." if row.get("confidence") == "low" else ""
        lines.append(f"{record['name']}{where}{scope}: nay là {row['body']}{since}{basis}.{check}")
        bodies.append(str(row["body"]))
    if not lines:
        lines.append(f"{record['name']} hiện làm các việc sau:" if record.get("functions") else sentence(str(record["name"])))
    elif record.get("functions"):
        lines.append("Việc của cơ quan này:")
    lines += bullets(record.get("functions", ()))
    if province and names.province_today(province, today) != province:
        lines.append(f"{province} nay thuộc {names.province_today(province, today)}.")
    if record.get("contact"):
        lines.append(f"Liên hệ: {sentence(listed(record['contact']))}")
    notes = [sentence(str(record["note"]))] if record.get("note") else []
    offices = tuple(dict.fromkeys(bodies)) or (str(record["name"]),)
    return Answer(Outcome.FOUND, _finish(lines, record, notes), offices=offices, notes=tuple(notes))


def province(entry: Entry, names: Names, today: dt.date) -> Answer:
    record = entry.record or {}
    name = str(record["name"])
    kind = "Tỉnh" if record["kind"] == "tỉnh" else "Thành phố"
    lines = []
    now = names.province_today(name, today)
    basis = f" ({record['basis']})" if record.get("basis") else ""
    if now != name:
        end = record.get("valid_to")
        since = f" từ {day(dt.date.fromisoformat(end) + dt.timedelta(days=1))}" if end else ""
        lines.append(f"{kind} {name} đã nhập vào {now}{since}{basis}.")
        target = names.provinces.get(now, {})
        if target.get("administrative_centre"):
            lines.append(f"Trung tâm hành chính của {now}: {sentence(str(target['administrative_centre']))}")
    else:
        merged = [m for m in record.get("merged_from", ()) if m != name]
        since = f" từ {day(record['valid_from'])}" if record.get("valid_from") else ""
        if merged and record.get("valid_from") and dt.date.fromisoformat(str(record["valid_from"])) > today:
            lines.append(f"{kind} {name} sẽ gồm thêm {listed(merged)}{since}{basis}.")
        elif merged:
            lines.append(f"{kind} {name} ngày nay gồm {name} cũ và {listed(merged)}{since}{basis}.")
        else:
            lines.append(f"{kind} {name} giữ nguyên, không sáp nhập cấp tỉnh.")
        if record.get("administrative_centre"):
            lines.append(f"Trung tâm hành chính: {sentence(str(record['administrative_centre']))}")
    notes = [sentence(str(record["note"]))] if record.get("note") else []
    return Answer(Outcome.FOUND, _finish(lines, record, notes), notes=tuple(notes))
