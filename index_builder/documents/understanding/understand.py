"""A document as read → the draft of a plan's record. Pure: no files, no clock; the directory is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index_builder.documents.model import Document
from index_builder.documents.understanding import citations, foot, head
from index_builder.documents.understanding.bodies import Names, opens_body, split
from index_builder.documents.understanding.contents import statements
from index_builder.documents.understanding.directory import Directory
from index_builder.documents.understanding.draft import Basis, Draft, Found, Work
from index_builder.documents.understanding.labels import Rank
from index_builder.documents.understanding.matrices import without_matrices
from index_builder.documents.understanding.outline import Node, build
from index_builder.documents.understanding.pieces import Grid, Line, Place, pieces_of
from index_builder.documents.understanding.sections import Reader
from index_builder.documents.understanding.segments import Segments
from index_builder.documents.understanding.segments import split as segments_of
from index_builder.documents.understanding.spelling import offices_readable, respelled
from index_builder.documents.understanding.tables import joined
from index_builder.documents.understanding.work import Context, from_labels, from_tables

UNLED = 'nêu ở mục "nhiệm vụ" nhưng không ghi ai làm'


def understand(document: Document, directory: Directory) -> Draft:
    """Read one administrative document. Whatever is not found is empty, with a reason in ``review``; nothing is made up."""
    pieces = joined(respelled(pieces_of(document), directory))
    segments = segments_of(pieces)
    segments = replace(segments, body=without_matrices(offices_readable(segments.body, directory)))
    text = "\n".join(p.text for p in pieces if isinstance(p, Line))
    number, date, place = head.number_of(segments, [p for p in pieces if isinstance(p, Line) and "kèm theo" in p.text.lower()])
    province, level = head.province_of(segments, place.value, text, directory)
    if not place.value:
        place = Found(province.value, 0.6, None, "nơi ban hành suy từ tên tỉnh")
    names = Names(directory.names)
    signed = (segments.decision or segments).foot or segments.foot
    issuing = head.issuer(segments, province.value, level, signed, names, directory)
    root = build(segments.body)
    names = names.with_names(_named_in(root))
    department = re.match(r"(?:Sở|Phòng|Ban|Cục|Chi cục|Trung tâm)\b", issuing.value)
    context = Context(names, department[0] if department else "", issuing.value)
    tasks, reader = _works(root, segments, context)
    title = head.title_of(segments, _subject(segments))
    years, period = head.period_of(title.value, date.value, (segments.decision or segments).head)
    name, position, behalf = foot.signer(signed, directory)
    return Draft(
        kind=Found(segments.kind or "Công văn", 0.97 if segments.kind else 0.7),
        title=title,
        number=number,
        date=date,
        place=place,
        issuing_body=issuing,
        province=province,
        signer_name=name,
        signer_position=_office(position, behalf, issuing.value, province.value),
        signer_on_behalf_of=_authority(behalf, issuing.value),
        years=years,
        period=period,
        attached_to=Found(head.attached_decision(segments.notes) or (number.value if segments.decision else None), 0.9),
        bases=_bases(segments, root, number.value),
        recipients=foot.recipients(signed),
        tasks=tuple(tasks),
        duties=tuple(reader.duties),
        reports=tuple(reader.reports),
        contents=tuple(statements(root, reader.used | reader.taken)),
        links=_links((*tasks, *reader.duties), reader, directory, province.value),
    )


def _works(root: Node, segments: Segments, context: Context) -> tuple[list[Work], Reader]:
    listed = list(from_tables(root, context))
    labelled, taken = from_labels(root, context)
    reader = Reader(context, taken)
    reader.read(root)
    if segments.decision:
        reader.read(build(segments.decision.body))
    for line in segments.closing:
        reader.closing(line.text, line.page)
    tasks = [*labelled, *reader.tasks, *listed]
    if not tasks:
        tasks = [replace(w, review=(UNLED,), confidence=0.5) for w in reader.unled]
    return tasks, reader


def _named_in(root: Node) -> list[str]:
    """Bodies that the document itself names alone on a line, as headings of sections: their commas do not split them."""
    found: list[str] = []
    for node in root.walk():
        title = node.title.strip(" :.")
        if node.rank is not Rank.TEXT and node.children and opens_body(title) and len(title.split()) <= 14 and ";" not in title:
            parts = split(title, Names())
            if len(parts) == 1 and not re.match(r"(?:Các|Những)\s", title):
                found.append(title)
    return found


def _subject(segments: Segments) -> str:
    """The "V/v …" lines of a letter."""
    lines = [line.text.strip() for line in segments.head]
    for i, line in enumerate(lines):
        if re.match(r"V/v", line, re.IGNORECASE):
            more = []
            for following in lines[i + 1 :]:
                if not following[:1].islower():
                    break
                more.append(following)
            return " ".join([line, *more])
    return ""


def _office(position: Found[str], behalf: Found[str | None], issuing: str, province: str) -> Found[str]:
    """ "Giám đốc" of a department's own plan → "Giám đốc Sở …"."""
    if position.value in ("Giám đốc", "Phó Giám đốc") and issuing.startswith("Sở") and not behalf.value:
        return replace(position, value=f"{position.value} {re.sub(rf' (?:tỉnh|thành phố) {re.escape(province)}$', '', issuing)}")
    return position


def _authority(behalf: Found[str | None], issuing: str) -> Found[str | None]:
    """ "TM. Ủy ban nhân dân" with the province; "KT. Chủ tịch" alone with the body whose head is stood in for."""
    if not behalf.value or not issuing:
        return behalf
    if re.search(r"(?:^|, )TM\.", behalf.value):
        return replace(
            behalf,
            value=re.sub(r"TM\. (?:Ủy|Uỷ) ban nhân dân(?=,|$)", f"TM. {issuing}", behalf.value)
            if issuing.startswith("Ủy ban nhân dân")
            else behalf.value,
        )
    return replace(behalf, value=f"{behalf.value} {issuing}")


def _bases(segments: Segments, root: Node, own: str | None) -> tuple[Basis, ...]:
    found: list[Basis] = []
    opening = (*(segments.decision.preamble if segments.decision else ()), *segments.title, *segments.preamble)
    for line in opening:
        found += citations.cited(line.text, Place("phần mở đầu", line.page), preamble=True)
    for node in root.walk():
        found += citations.cited(node.title, node.place(), preamble=False)
    for piece in segments.body:
        if isinstance(piece, Grid):
            for cell in {c.text for row in piece.rows for c in row}:
                found += citations.cited(cell, Place("bảng", piece.page_of(0)), preamble=False)
    return citations.once(found, own)


def _links(works: Sequence[Work], reader: Reader, directory: Directory, province: str) -> dict[str, str]:
    bodies = [b for w in works for b in (*w.leads, *w.partners)] + [b for r in reader.reports for b in (*r.who, *r.to, *r.via, *r.copy_to)]
    found = {b: directory.link(b, province) for b in dict.fromkeys(bodies)}
    return {b: i for b, i in found.items() if i}
