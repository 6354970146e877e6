"""Answers from plan records: who leads, with whom, by when, who reports, and what the document itself is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.parts import Record, bullets, day, first_upper, listed, sentence, since_when
from bot.types import Answer, Intent, Item, Option, Outcome
from bot.understanding.names import Names, canonical
from bot.wording import FOR_ALL_DEPARTMENTS, NOT_ASSIGNED, STAFF_FACETS
from knowledge.entries import Entry, EntryType

MOST_GENERAL = 5
"""Tasks laid on all departments that are listed where a plan names the one asked about nowhere."""
_ALL_DEPARTMENTS = "cac so"


def plan_name(plan: Record) -> str:
    """``Kế hoạch 103/KH-UBND ngày 12/4/2021 của Ủy ban nhân dân tỉnh Tiền Giang``, with what the copy leaves blank said so."""
    number = f"Kế hoạch {plan['number']}" if plan.get("number") else "Kế hoạch (bản sao để trống số)"
    when = f" ngày {day(plan['date'])}" if plan.get("date") else f" năm {plan['years'][0]}"
    return f"{number}{when} của {plan['issuing_body']}"


def leads_of(entry: Entry) -> tuple[str, ...]:
    record = entry.record or {}
    return tuple(record.get("leads") or record.get("bodies") or record.get("who") or ())


def partners_of(entry: Entry) -> tuple[str, ...]:
    return tuple((entry.record or {}).get("partners") or ())


@dataclass(frozen=True)
class PlanAnswers:
    """Composer over the plans of one index. ``plans`` maps a plan's id to its entry."""

    names: Names
    plans: dict[str, Entry]

    def changes(self, plan: Record, bodies: Sequence[str], today: dt.date) -> tuple[list[str], list[str]]:
        """What changed since the plan: notes, and the bodies responsible today in place of ``bodies``."""
        notes: list[str] = []
        responsible: list[str] = []
        province = str(plan["province"])
        now = self.names.province_today(province, today)
        if now != province:
            record = self.names.provinces[province]
            basis = f" ({record['basis']})" if record.get("basis") else ""
            since = record.get("valid_to")
            start = day(dt.date.fromisoformat(str(since)) + dt.timedelta(days=1)) if since else ""
            notes.append(f"{province} đã nhập vào {now}{' từ ' + start if start else ''}{basis}.")
        for body in bodies:
            office = self.names.office_of(body, province)
            rows = self.names.successors(office, province, today) if office else []
            if not rows:
                responsible.append(body if now == province else f"{body} ({now})")
                continue
            told = []
            for row in rows:
                text = str(row["body"])
                if row.get("scope"):
                    text += f" ({row['scope']})"
                text += since_when(row)
                if row.get("confidence") == "low":
                    text += ", cần kiểm tra"
                told.append(text)
                responsible.append(str(row["body"]))
            notes.append(f"{body} nay là: {'; '.join(told)}.")
        return notes, list(dict.fromkeys(responsible))

    def item(self, entry: Entry, intent: Intent, today: dt.date) -> Answer:
        """Answer from a task, duty, report or content: the asked point first."""
        plan = self.plans[str(entry.plan)].record or {}
        record = entry.record or {}
        leads, partners, when = leads_of(entry), partners_of(entry), record.get("when")
        is_report, is_content = "who" in record, entry.type is EntryType.CONTENT
        lines: list[str] = []
        title = sentence(entry.title)
        if is_report:
            target = listed(record["to"]) + (f" (qua {listed(record['via'])})" if record.get("via") else "")
            head = f"{listed(leads)} báo cáo {target}: {title}"
            time = f"Thời hạn: {sentence(when)}" if when else "Kế hoạch không ghi thời hạn báo cáo."
            lines += [time, head] if intent is Intent.WHEN else [head, time]
            if record.get("copy_to"):
                lines.append(f"Đồng gửi: {sentence(listed(record['copy_to']))}")
        elif is_content:
            lines.append(title)
        else:
            who = f"{listed(leads)} chủ trì: {title}" if leads else f"{title} Kế hoạch không ghi cơ quan chủ trì việc này."
            together = f"Phối hợp: {sentence(listed(partners))}" if partners else "Kế hoạch không ghi cơ quan phối hợp riêng cho việc này."
            time = f"Thời gian: {sentence(first_upper(when))}" if when else "Kế hoạch không ghi thời gian riêng cho việc này."
            order = {Intent.PARTNER: (together, who, time), Intent.WHEN: (time, who, together)}.get(intent, (who, together, time))
            lines += order
        lines += bullets(record.get("details", ()))
        notes, responsible = self.changes(plan, leads, today)
        lines.append(f"Nguồn: {plan_name(plan)}, {entry.section}.")
        lines += [f"Lưu ý: {n}" for n in notes]
        followups = [
            Option(STAFF_FACETS[i], entry=entry.id, intent=i) for i in (Intent.LEAD, Intent.PARTNER, Intent.WHEN) if i is not intent
        ]
        if is_content or is_report:
            followups = []
        followups.append(Option(STAFF_FACETS[Intent.DOCUMENT], entry=str(entry.plan), intent=Intent.DOCUMENT))
        return Answer(
            Outcome.FOUND, "\n".join(lines), lead=leads, partners=partners, when=when, offices=tuple(responsible),
            followups=tuple(followups), notes=tuple(notes),
        )  # fmt: skip

    def body(
        self, plan_ids: Sequence[str], office: str, role: Intent, entries: Sequence[Entry], today: dt.date
    ) -> tuple[Answer, list[Entry]]:
        """Everything the plans lay on one body: what it leads, then where it helps. Empty list when they name it nowhere."""
        name = self.names.offices[office].title
        mine = [e for e in entries if e.plan in plan_ids and e.type in (EntryType.TASK, EntryType.DUTY)]
        led = [e for e in mine if any(self.names.same_body(b, office) for b in leads_of(e))]
        helped = [e for e in mine if e not in led and any(self.names.same_body(b, office) for b in partners_of(e))]
        lines: list[str] = []
        shown: list[Entry] = []
        for label, rows in (("chủ trì hoặc được giao", led), ("phối hợp", helped)):
            if not rows or (role is Intent.LEAD and rows is helped) or (role is Intent.PARTNER and rows is led):
                continue
            for plan_id in dict.fromkeys(e.plan for e in rows):
                plan = self.plans[str(plan_id)].record or {}
                lines.append(f"{name} {label} theo {plan_name(plan)}:")
                for e in (r for r in rows if r.plan == plan_id):
                    when = (e.record or {}).get("when")
                    lines.append(f"- {e.title.rstrip('.')}{' – ' + when if when else ''} ({e.section}).")
                    shown.append(e)
        if not shown:
            return Answer(Outcome.NOT_KNOWN, ""), []
        notes, responsible = self.changes(self.plans[str(shown[0].plan)].record or {}, [name], today)
        lines += [f"Lưu ý: {n}" for n in notes]
        answer = Answer(
            Outcome.FOUND, "\n".join(lines), lead=(name,) if led and role is not Intent.PARTNER else leads_of(shown[0]),
            partners=partners_of(shown[0]), when=(shown[0].record or {}).get("when"), offices=tuple(responsible), notes=tuple(notes),
        )  # fmt: skip
        return answer, shown

    def unassigned(self, plan_id: str, office: str, entries: Sequence[Entry]) -> tuple[Answer, list[Entry]]:
        """That a plan names a body nowhere, and for a department what the plan lays on all of them; the plan comes first."""
        name, plan = self.names.offices[office].title, self.plans[plan_id]
        lines = [NOT_ASSIGNED.format(plan=plan_name(plan.record or {}), body=name)]
        mine = [e for e in entries if e.plan == plan_id and e.type in (EntryType.TASK, EntryType.DUTY)]
        general = [e for e in mine if any(canonical(b).startswith(_ALL_DEPARTMENTS) for b in leads_of(e))]
        shown = general[:MOST_GENERAL] if canonical(name).startswith("so ") else []
        if shown:
            lines += [FOR_ALL_DEPARTMENTS, *(f"- {e.title.rstrip('.')} ({e.section})." for e in shown)]
        return Answer(Outcome.FOUND, "\n".join(lines)), [plan, *shown]

    def document(self, entry: Entry, today: dt.date) -> Answer:
        """What a plan is: number, date, body, signer, period, what it rests on, to whom it went."""
        plan = entry.record or {}
        signer = plan["signer"]
        lines = [sentence(str(plan["title"]))]
        lines.append(f"Số: {plan['number']}." if plan.get("number") else "Số: bản sao để trống.")
        lines.append(
            f"Ngày ban hành: {day(plan['date'])}, {plan['place']}." if plan.get("date") else "Ngày ban hành: bản sao không ghi đủ."
        )
        if plan.get("date_note"):
            lines.append(sentence(str(plan["date_note"])))
        lines.append(f"Cơ quan ban hành: {plan['issuing_body']}.")
        by = f"{signer.get('on_behalf_of')}, " if signer.get("on_behalf_of") else ""
        lines.append(f"Người ký: {by}{signer['position']} {signer.get('name') or '(bản sao không ghi tên)'}.")
        lines.append(f"Thời gian áp dụng: {sentence(str(plan['period']))}")
        for relation, label in (("căn cứ", "Căn cứ"), ("dẫn chiếu", "Dẫn chiếu"), ("thay thế", "Thay thế")):
            rows = [b for b in plan.get("legal_bases", ()) if b.get("relation", "căn cứ") == relation]
            if rows:
                lines.append(f"{label}:")
                for basis in rows:
                    number = f"{basis['number']}" if basis.get("number") else "(không ghi số)"
                    when = f" ngày {day(basis['date'])}" if basis.get("date") else ""
                    by = f" của {basis['issued_by']}" if basis.get("issued_by") else ""
                    lines.append(f"- {number}{when}{by}: {sentence(str(basis['title']))}")
        if plan.get("recipients"):
            lines.append(f"Nơi nhận: {sentence(listed(plan['recipients']))}")
        notes, _ = self.changes(plan, [], today)
        lines.append(f"Nguồn: {plan_name(plan)}.")
        lines += [f"Lưu ý: {n}" for n in notes]
        return Answer(Outcome.FOUND, "\n".join(lines), offices=(str(plan["issuing_body"]),), notes=tuple(notes))


def as_item(entry: Entry, score: float) -> Item:
    """An entry as evidence; provinces count as offices in the contract's closed list of types."""
    kind = EntryType.OFFICE if entry.type is EntryType.PROVINCE else entry.type
    return Item(entry.id, kind.value, entry.title, entry.province, entry.plan, entry.section, entry.code, round(score, 4))


def with_items(answer: Answer, entries: Sequence[tuple[Entry, float]], confidence: float) -> Answer:
    return replace(answer, items=tuple(as_item(e, s) for e, s in entries), confidence=round(confidence, 4))
