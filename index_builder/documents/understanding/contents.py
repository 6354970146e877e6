"""What a plan says besides tasks: purposes, requirements, audience, topics, forms, money."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index_builder.documents.understanding.draft import Statement
from index_builder.documents.understanding.labels import Rank
from index_builder.documents.understanding.outline import Node
from index_builder.documents.understanding.roles import Part, part_of
from index_builder.documents.understanding.work import short_title
from knowledge.schema import ContentKind

_KINDS = {
    Part.PURPOSE: ContentKind.PURPOSE,
    Part.REQUIREMENT: ContentKind.REQUIREMENT,
    Part.AUDIENCE: ContentKind.AUDIENCE,
    Part.TOPIC: ContentKind.TOPIC,
    Part.FORM: ContentKind.FORM,
    Part.WORK: ContentKind.TOPIC,
    Part.FUNDING: ContentKind.FUNDING,
}
_NAMED = {ContentKind.PURPOSE: "Mục đích", ContentKind.REQUIREMENT: "Yêu cầu"}
_INDICES = (("PAR Index", r"par[\s-]?index"), ("PAPI", r"papi"), ("PCI", r"\bpci\b"), ("SIPAS", r"sipas"), ("DTI", r"\bdti\b"))


def statements(root: Node, used: set[int]) -> Iterator[Statement]:
    """Statements in reading order; ``used`` are nodes that are tasks, duties or reports already."""
    for child in root.children:
        yield from _below(child, None, used)


def _below(node: Node, part: Part | None, used: set[int]) -> Iterator[Statement]:
    if id(node) in used:
        return
    heading = bool(node.children) or node.rank <= Rank.ROMAN
    named = part_of(node.title) if heading else None
    if named is Part.MIXED or part is Part.MIXED or (named and part in (None, Part.TOPIC, Part.FORM, Part.WORK)):
        part = named
    if part is Part.FUNDING and named is Part.FUNDING:
        text = " ".join(n.title for n in node.walk() if n is not node) or node.title
        yield _statement(node, ContentKind.FUNDING, text)
        return
    kind = _KINDS.get(part) if part else None
    texts = [c for c in node.children if c.rank is Rank.TEXT]
    opens = named is not None or node.rank is Rank.PLAIN
    if kind and (not node.children or (node.rank >= Rank.LETTER and not opens)):
        if node.rank is not Rank.TEXT:
            yield _statement(node, kind, node.whole)
        elif node.parent is None or not node.parent.numbered():
            yield _statement(node.parent or node, kind, node.title)
        return
    if kind and opens and texts and not node.numbered():
        yield _statement(node, kind, "\n".join(t.title for t in texts))
        return
    for child in node.children:
        yield from _below(child, part, used)


def _statement(node: Node, kind: ContentKind, text: str) -> Statement:
    title, _ = short_title(text)
    title = title if len(title) <= 220 else title[:217].rsplit(" ", 1)[0] + " …"
    name = _NAMED.get(kind)
    said = " ".join([text, *(a.title for a in node.ancestors()), node.title]).casefold()
    mentioned = [name for name, pattern in _INDICES if re.search(pattern, text.casefold())] or [
        n for n, p in _INDICES if re.search(p, said)
    ]
    index = mentioned[0] if len(set(mentioned)) == 1 else None
    return Statement(kind, f"{name}: {title[:1].lower()}{title[1:]}" if name else title, node.place(), index)
