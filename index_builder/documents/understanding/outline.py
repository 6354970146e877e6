"""The outline of a document: its lines as a tree by numbering, with section paths such as ``Mục IV.1, gạch đầu dòng 3``.

A number opens a section only where it fits its sequence: "15. " at the start of a broken line is text, "2." after "1." is not. A
line without a number is a heading where it reads as one: styled or bold and short, or short, closed by a colon, and followed by dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index_builder.documents.understanding.bodies import opens_body
from index_builder.documents.understanding.labels import LETTERS, Label, Rank, parse
from index_builder.documents.understanding.pieces import Grid, Line, Piece, Place
from index_builder.documents.understanding.roles import is_bare_label, label_role

_ANNEX = re.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC KÈM THEO)\b(?P<rest>.{0,120})$")
_COUNTED = (Rank.ROMAN, Rank.CAPITAL, Rank.ARABIC, Rank.ARTICLE, Rank.LETTER, Rank.DECIMAL, Rank.DECIMAL_3)


@dataclass
class Node:
    """One line and what stands below it; ``title`` is the line without its label. Grids hang below the node they follow."""

    label: Label
    title: str
    line: Line
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)

    @property
    def rank(self) -> Rank:
        return self.label.rank

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def whole(self) -> str:
        """The title with the unnumbered lines directly below it."""
        return "\n".join([self.title, *(c.title for c in self.children if c.rank is Rank.TEXT)]).strip()

    def numbered(self) -> list[Node]:
        return [c for c in self.children if c.rank is not Rank.TEXT]

    def section(self) -> str:
        """The path as a person says it."""
        return section_of(self)

    def place(self) -> Place:
        return Place(self.section(), self.line.page)


def section_of(node: Node) -> str:
    """``Mục IV.1, gạch đầu dòng 3``; ``Phụ lục II, mục 1``; ``Điều 2, khoản 1, điểm a``."""
    chain = [node, *node.ancestors()][::-1]
    prefix = [_annex_name(n) for n in chain if n.rank is Rank.ANNEX and n.title]
    article = next((n for n in chain if n.rank is Rank.ARTICLE), None)
    numbers, tail = [], []
    for item in chain:
        rank, shown = item.rank, item.label.shown
        if rank is Rank.PART:
            prefix.append(f"Phần {shown}")
        elif rank is Rank.CHAPTER:
            prefix.append(f"Chương {shown}")
        elif rank is Rank.ARTICLE:
            numbers.append(f"Điều {shown}")
        elif article and rank in (Rank.ARABIC, Rank.LETTER):
            tail.append(f"{'khoản' if rank is Rank.ARABIC else 'điểm'} {shown}")
        elif rank in (Rank.DECIMAL, Rank.DECIMAL_3):
            numbers[:] = [n for n in numbers if not re.fullmatch(r"\d+(?:\.\d+)*", n) or not shown.startswith(f"{n}.")]
            numbers.append(shown)
        elif rank in (Rank.CAPITAL, Rank.ROMAN, Rank.ARABIC, Rank.LETTER):
            numbers.append(shown)
        elif rank is Rank.ROUND:
            tail.append(f"({shown})")
        elif rank is Rank.PLAIN:
            tail.append(f"phần {_short(item.label.shown)}")
        elif rank in (Rank.DASH, Rank.STAR, Rank.DOT):
            tail.append(f"gạch đầu dòng {_nth(item)}")
        elif rank is Rank.PLUS:
            tail.append(f"dấu cộng {_nth(item)}")
    path = ".".join(numbers)
    if path and not article:
        path = f"{'mục' if prefix else 'Mục'} {path}"
    return ", ".join([*prefix, *([path] if path else []), *tail])


def _short(title: str) -> str:
    inner = re.search(r"\(([^()]{2,20})\)", title)
    return inner[1] if inner else " ".join(title.strip(" :.").split()[:8])


def _annex_name(node: Node) -> str:
    match = re.match(r"(?:phụ lục|biểu)(?:\s+(?:số\s+)?(?:[IVX]+|\d+|[A-E])\b)?", node.title, re.IGNORECASE)
    return (match[0][:1].upper() + match[0][1:].replace("HỤ LỤC", "hụ lục").replace("IỂU", "iểu")) if match else "Phụ lục"


def _nth(node: Node) -> int:
    siblings = node.parent.children if node.parent else [node]
    number = 0
    for sibling in siblings:
        if sibling.rank is node.rank:
            number += 1
        elif sibling.rank < node.rank:
            number = 0
        if sibling is node:
            break
    return number


def build(pieces: Sequence[Piece]) -> Node:
    """Pieces of the body, in order → the root of the tree. Nothing is dropped: an unnumbered line is a ``TEXT`` node."""
    root = Node(Label(Rank.ANNEX, "", 0), "", Line(""))
    open_nodes = [root]
    for position, piece in enumerate(pieces):
        if isinstance(piece, Grid):
            open_nodes[-1].grids.append(piece)
            continue
        following = next((p for p in pieces[position + 1 : position + 2]), None)
        label, title = _label(piece, following, open_nodes)
        while len(open_nodes) > 1 and open_nodes[-1].rank >= label.rank:
            open_nodes.pop()
        if label.rank is Rank.TEXT:
            _parent_of_text(open_nodes).children.append(Node(label, title, piece, _parent_of_text(open_nodes)))
            continue
        node = Node(_mended(label, open_nodes[-1]), title, piece, open_nodes[-1])
        open_nodes[-1].children.append(node)
        open_nodes.append(node)
    return root


def _parent_of_text(open_nodes: list[Node]) -> Node:
    return open_nodes[-1]


def _label(line: Line, following: Piece | None, open_nodes: list[Node]) -> tuple[Label, str]:
    text = line.text.strip()
    annex = _ANNEX.match(text)
    if annex and (text.isupper() or line.bold or line.heading or len(text.split()) <= 4):
        return Label(Rank.ANNEX, text), text
    found = parse(text)
    if found and found[0].rank is Rank.DASH and _office_above_dashes(found[1], following):
        return replace(found[0], rank=Rank.STAR), found[1]
    if found and _fits(found[0], open_nodes, found[1]):
        return found
    below_annex = open_nodes[-1].rank is Rank.ANNEX and open_nodes[-1].title and not open_nodes[-1].numbered()
    if not below_annex and _reads_as_heading(line, following):
        return Label(Rank.PLAIN, text), text
    return Label(Rank.TEXT, ""), text


def _office_above_dashes(rest: str, following: Piece | None) -> bool:
    """ "- Phòng Nội vụ:" above further dashes: a heading that only looks like one of them."""
    body = re.sub(r"^(?:Đề nghị|Giao|Đối với)\s+(?:các\s+)?", "", rest)
    dashed = isinstance(following, Line) and (below := parse(following.text.strip())) is not None and below[0].rank is Rank.DASH
    return dashed and rest.endswith(":") and len(rest.split()) <= 40 and opens_body(body) and not (label_role(rest) or is_bare_label(rest))


def _fits(label: Label, open_nodes: list[Node], rest: str) -> bool:
    """Whether a counted label continues its sequence: the first of a new level, or at most three after the last sibling."""
    if label.rank not in _COUNTED:
        return True
    parent = next((n for n in reversed(open_nodes) if n.rank < label.rank), open_nodes[0])
    last = next((c.label.number for c in reversed(parent.children) if c.rank is label.rank), 0)
    if label.rank is Rank.CAPITAL and label.shown in "CD" and not last:
        return False
    if label.rank is Rank.LETTER:
        return label.number == 0 or last == 0 or 0 <= label.number - last <= 3 or label.number == 1
    step = label.number - last
    return label.number == 1 or 1 <= step <= 3 or (last == 0 and rest[:1].isupper() and label.number <= 3)


def _mended(label: Label, parent: Node) -> Label:
    """ "d)" a second time is "đ)" whose stroke was lost in reading."""
    siblings = [c.label.shown for c in parent.children if c.rank is Rank.LETTER]
    if label.rank is Rank.LETTER and label.shown == "d" and siblings[-1:] == ["d"]:
        return replace(label, shown="đ", number=LETTERS.find("đ") + 1)
    return label


def _reads_as_heading(line: Line, following: Piece | None) -> bool:
    text = line.text.strip()
    words = text.split()
    if not words or len(words) > 30 or text[-1] in ".;,/" or not text[0].isupper() or ATTRIBUTE_LIKE.match(text):
        return False
    dashes = isinstance(following, Line) and (found := parse(following.text.strip())) is not None and found[0].rank >= Rank.LETTER
    if line.heading or line.bold:
        return True
    return bool(dashes and len(words) <= 16 and (text.endswith(":") or text.isupper()))


ATTRIBUTE_LIKE = re.compile(
    r"(?:(?:cơ quan|đơn vị|bộ phận|tổ chức|sở, ngành)\s+)?(?:được giao\s+)?(?:chủ trì|phối hợp|thực hiện|thời gian|thời hạn|tiến độ|"
    r"nội dung|sản phẩm|kết quả|kinh phí|hoàn thành)"
    r"[^:]{0,40}:",
    re.IGNORECASE,
)
"""Lines such as "Cơ quan chủ trì: …" that say something about the item above them."""
