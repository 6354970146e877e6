"""Tasks, duties and reports of running text: sections headed by an office, and sentences that name who does what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index_builder.documents.understanding.bodies import leading, tidy
from index_builder.documents.understanding.draft import Reporting, Work
from index_builder.documents.understanding.labels import Rank
from index_builder.documents.understanding.outline import Node
from index_builder.documents.understanding.pieces import Place
from index_builder.documents.understanding.reports import only_reports, reporting, time_beside_report
from index_builder.documents.understanding.roles import Part, part_of
from index_builder.documents.understanding.sentences import leads_inside, partners_of, sentences, subject
from index_builder.documents.understanding.work import Context, of_sentence

_NO_WORK = (Part.PURPOSE, Part.REQUIREMENT, Part.AUDIENCE, Part.SCHEDULE)
_ELSEWHERE = re.compile(r"(?:chi tiết|cụ thể|kèm theo|có)[^()]{0,20}(?:phụ lục|bảng|biểu)[^()]{0,25}", re.IGNORECASE)
_EXECUTION = re.compile(
    r"chịu trách nhiệm (?:thi hành|thực hiện) (?:Quyết định|Kế hoạch|Chỉ thị|Chương trình)|thi hành (?:Quyết định|Kế hoạch|Chỉ thị) này|"
    r"căn cứ Quyết định thi hành"
)
_LIST_OPENS = re.compile(r"(?::|sau(?: đây)?:?|gồm:?)\s*$")
_GENERAL = re.compile(
    r"^(?:(?:có|chịu) (?:trách nhiệm|nhiệm vụ)|chủ trì|là (?:cơ quan|đơn vị)|làm đầu mối|thực hiện (?:các|những|một số) (?:nhiệm vụ|"
    r"nội dung|công việc)|phối hợp)[^.]*:?\s*$",
    re.IGNORECASE,
)
_WITH_FIRST = re.compile(r"^(?:tăng cường |chủ động |thường xuyên )?phối hợp(?:\s+chặt chẽ)?\s+(?:với\s+|cùng\s+)?(?=\S)", re.IGNORECASE)
_FOR_ONE = re.compile(r"(?<=[.;]\s)Đối với\s+|^Đối với\s+")
_OWN_TIME = re.compile(r"^(?:Hằng|Hàng|Định kỳ|Chậm nhất|Trước ngày|Thường xuyên|Trong quý|Trong tháng|Đến hết|Kết thúc)\b")
_HANDED = re.compile(r"^(?:Đồng thời,?\s+)?(?:Giao|Đề nghị|Yêu cầu|Phân công)\s", re.IGNORECASE)
_PARTNERS_LAST = re.compile(r"phối hợp(?:\s+chặt chẽ)?(?:\s+(?:với|cùng))?\s+(?:[^;.]*(?:;\s*)?)$", re.IGNORECASE)
"""A clause that ends in those it works with: what follows its semicolon may be one more of them."""
_ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
_EXPLICIT = re.compile(r"\b(?:giao|chủ trì|đầu mối|có trách nhiệm|chịu trách nhiệm|đề nghị|có nhiệm vụ)\b", re.IGNORECASE)


@dataclass
class Reader:
    """Walks the tree once and collects; ``taken``: ids of nodes whose tasks were read from labels."""

    context: Context
    taken: set[int]
    tasks: list[Work] = field(default_factory=list)
    duties: list[Work] = field(default_factory=list)
    reports: list[Reporting] = field(default_factory=list)
    unled: list[Work] = field(default_factory=list)
    """Items of sections of tasks that name nobody."""
    used: set[int] = field(default_factory=set)
    """Ids of nodes that became a task, a duty or a report."""

    def read(self, root: Node) -> None:
        for child in root.children:
            self._node(child, None, (), (), elsewhere=False)

    def _node(self, node: Node, part: Part | None, leads: tuple[str, ...], partners: tuple[str, ...], *, elsewhere: bool) -> None:
        if id(node) in self.taken:
            return
        names = self.context.names
        title = node.title.strip()
        below = node.numbered()
        bodies, rest, _ = subject(title, names)
        heading = bool(node.children) or node.rank <= Rank.ROMAN
        named = part_of(title) if heading and not bodies and not leads else None
        if named and not (part is Part.ORGANISING and named not in (Part.FUNDING, Part.REPORTING, Part.SCHEDULE)):
            part = named
        elsewhere = elsewhere or bool(_ELSEWHERE.search(title) and heading)
        if part in _NO_WORK:
            return self._children(node, part, (), (), elsewhere)
        if bodies and node.numbered() and len(bodies) == 1 and re.match(r"được |có tên|thuộc |nêu tại", rest):
            bodies, rest = (tidy(title),), ""
        if bodies and not rest.strip(" .:"):
            if part is not Part.FUNDING or node.rank < Rank.DASH:
                self._children(node, part, self.context.bodies(bodies), (), elsewhere)
            return None
        if bodies and below and (_LIST_OPENS.search(title) and _GENERAL.match(rest)):
            return self._children(node, part, self.context.bodies(bodies), partners_of(title, names), elsewhere)
        if bodies or leads:
            return self._said(node, part, bodies, leads, partners, elsewhere)
        self._unsaid(node, part, elsewhere)
        return self._children(node, part, (), (), elsewhere)

    def _children(self, node: Node, part: Part | None, leads: tuple[str, ...], partners: tuple[str, ...], elsewhere: bool) -> None:
        for child in node.children:
            self._node(child, part, leads, partners, elsewhere=elsewhere)

    def _said(
        self, node: Node, part: Part | None, bodies: tuple[str, ...], leads: tuple[str, ...], partners: tuple[str, ...], elsewhere: bool
    ) -> None:
        """A line whose doer is known: named in it, or by the heading above."""
        title, below = node.title.strip(), node.numbered()
        organised = part in (Part.ORGANISING, Part.REPORTING, None) or bool(leads) or node.rank is Rank.ARTICLE
        explicit = bool(_EXPLICIT.search(title))
        if not organised and (
            elsewhere
            or (part is Part.TOPIC and not explicit)
            or (part is Part.FUNDING and not (explicit and bodies and not _collective(bodies)))
        ):
            return self._children(node, part, (), (), elsewhere)
        if _EXECUTION.search(title) and bodies:
            return None
        if title.endswith(":") and not below and _introduces_table(node):
            return None
        deeper = bool(below) and all(b.rank in (Rank.PLUS, Rank.DOT, Rank.STAR) for b in below) and node.rank is Rank.DASH
        short = len(title.split()) <= 14 and not title.endswith((".", ";"))
        if leads and not bodies and below and not deeper and (short or _LIST_OPENS.search(title)):
            return self._children(node, part, leads, (*partners, *partners_of(title, self.context.names)), elsewhere)
        self._emit(node, title, leads, partners, organised)
        if below:
            if deeper or _LIST_OPENS.search(title):
                target = self.duties if organised else self.tasks
                if target and target[-1].place.section.startswith(node.section()):
                    target[-1] = replace(target[-1], details=(*target[-1].details, *(b.title.strip(" .;") for b in below)))
                self.used |= {id(b) for b in below}
            else:
                self._children(node, part, self.context.bodies(bodies) or leads, (), elsewhere)
        return None

    def _unsaid(self, node: Node, part: Part | None, elsewhere: bool) -> None:
        """A line that does not open with who does it; it may still say so inside."""
        names, title = self.context.names, node.title.strip()
        if elsewhere or part is Part.FUNDING or _EXECUTION.search(title):
            return
        inside = leads_inside(title, names)
        if inside:
            return self._emit(node, title, (), (), part in (Part.ORGANISING, Part.REPORTING) or node.rank is Rank.ARTICLE)
        if part in (Part.FORM, Part.WORK):
            single = _FOR_ONE.search(title)
            if single:
                bodies, rest, _ = subject(title[single.start() :].strip(), names)
                if bodies and rest:
                    work = of_sentence(title, node.place(), bodies, self.context)
                    self.tasks.append(replace(work, confidence=0.7, review=("cơ quan chỉ được giao một phần việc này",)))
                    self.used.add(id(node))
                    return None
            helped = partners_of(title, names) if _WITH_FIRST.match(title) else ()
            if helped:
                self.tasks.append(of_sentence(title, node.place(), (), self.context))
                self.used.add(id(node))
                return None
        if part in (Part.ORGANISING, Part.REPORTING) or node.rank is Rank.TEXT:
            for sentence in sentences(title):
                if found := reporting(sentence, node.place(), (), names):
                    self._report(found, node)
        if part is Part.WORK and not node.numbered() and len(title.split()) >= 5 and node.rank is not Rank.TEXT:
            self.unled.append(of_sentence(title, node.place(), (), self.context))
        return None

    def _emit(self, node: Node, text: str, leads: Sequence[str], partners: Sequence[str], organised: bool) -> None:
        names = self.context.names
        parts = self._parts(text)
        who: tuple[str, ...] = tuple(leads)
        for first, part in parts:
            place = (
                node.place() if len(parts) == 1 else replace(node.place(), section=f"{node.section()}, câu thứ {_ORDINALS[min(first, 9)]}")
            )
            own = self.context.bodies(subject(part, names)[0])
            who = own or who
            found = reporting(part, place, who, names, self.context.issuer)
            if found:
                self._report(found, node)
            if not (found and only_reports(part, names)) and len(part.split()) >= 3:
                work = of_sentence(part, place, who, self.context, partners)
                if found and (own_time := time_beside_report(part)):
                    work = replace(work, timing=own_time)
                above = node.parent
                if not organised and node.rank is Rank.TEXT and above and len(above.children) == 1 and not part_of(above.title):
                    work = replace(work, title=f"{above.title.strip(' .:')}: {work.title[:1].lower()}{work.title[1:]}")
                (self.duties if organised and work.leads else self.tasks).append(work)
                self.used.add(id(node))

    def _parts(self, text: str) -> list[tuple[int, str]]:
        """Sentences that stand for themselves: one with its own time or doer begins a new duty; the others go with it."""
        parts: list[tuple[int, str]] = []
        for number, sentence in enumerate(s for whole in sentences(text) for s in self._clauses(whole)):
            bodies, rest, _ = subject(sentence, self.context.names)
            named = bool(bodies) and (not _collective(bodies) or bool(_EXPLICIT.search(rest[:40]) or _HANDED.match(sentence)))
            doer = named and not bodies[0].startswith("Thủ trưởng")
            if not parts or _OWN_TIME.match(sentence) or doer:
                parts.append((number, sentence))
            else:
                parts[-1] = (parts[-1][0], f"{parts[-1][1]} {sentence}")
        return parts

    def _clauses(self, sentence: str) -> list[str]:
        """ "Sở A làm …; Sở B làm …" → both; a semicolon inside a list of bodies or in brackets parts nothing."""
        names, clauses = self.context.names, [""]
        for piece in re.split(r"(;\s+)", sentence):
            before = clauses[-1]
            ends_with_bodies = not leading(before.strip(), names)[1].strip(" ;") or _PARTNERS_LAST.search(before)
            new = before.rstrip().endswith(";") and not ends_with_bodies and before.count("(") == before.count(")")
            bodies = subject(piece, names)[0] if new else ()
            if bodies and not _collective(bodies):
                clauses[-1] = before.rstrip(" ;")
                clauses.append(piece)
            else:
                clauses[-1] += piece
        return clauses

    def _report(self, found: Reporting, node: Node | None) -> None:
        bodies = self.context.bodies
        self.reports.append(
            replace(found, who=bodies(found.who), to=bodies(found.to), via=bodies(found.via), copy_to=bodies(found.copy_to))
        )
        self.used.add(id(node))

    def closing(self, text: str, page: int | None) -> None:
        """The last words before the signature: often where troubles are to be reported."""
        for sentence in sentences(text):
            found = reporting(sentence, Place("Đoạn cuối, trước phần ký", page), (), self.context.names)
            if found:
                self._report(found, None)


def _introduces_table(node: Node) -> bool:
    above = node.parent
    return bool(node.grids or (node.rank is Rank.TEXT and above and above.grids and above.children[-1] is node))


def _collective(bodies: Sequence[str]) -> bool:
    return all(re.match(r"(?:Các|Những|Cơ quan|Đơn vị)\s", b) for b in bodies)
