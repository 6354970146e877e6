"""Text of a Word paragraph: its runs with tracked changes accepted, each decoded by its font, and the text boxes anchored in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from index_builder.documents.model import Look
from index_builder.documents.reading.docx_parts import MC, Element, Package, W, is_on, number, value
from index_builder.documents.reading.legacy import Legacy, capitals_font, decode, font_encoding, has_unicode_letters

_REMOVED = {W + "del", W + "moveFrom", W + "rPr", W + "pPr", W + "sdtPr", W + "instrText", W + "delText"}
_FIXED = {W + "tab": " ", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "softHyphen": "\u00ad", W + "ptab": " "}


@dataclass
class Text:
    """What a paragraph holds: ``pieces`` as (text, encoding of its font, whether a capitals font); ``boxes``: contents of text boxes;
    ``page_breaks``: pages that Word began inside, when it last saved, ``breaks_before`` those before any word."""

    pieces: list[tuple[str, Legacy | None, bool]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    page_breaks: int = 0
    breaks_before: int = 0
    bold: bool = True
    italic: bool = True

    def decoded(self) -> str:
        """The whole text; neighbouring pieces of one encoding are decoded together, since a letter may be spread over two."""
        out: list[str] = []
        i = 0
        while i < len(self.pieces):
            _, encoding, capitals = self.pieces[i]
            end = i
            while end < len(self.pieces) and self.pieces[end][1:] == (encoding, capitals):
                end += 1
            text = "".join(p[0] for p in self.pieces[i:end])
            legacy = encoding is not None and not has_unicode_letters(text)
            out.append(decode(text, encoding, capitals=capitals) if legacy and encoding else text)
            i = end
        return "".join(out)


class TextReader:
    """Reads paragraphs of one package."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def read(self, paragraph: Element) -> Text:
        style = self.style_of(paragraph)
        text = Text()
        self._walk(paragraph, style, text)
        return text

    def style_of(self, paragraph: Element) -> str | None:
        return value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._package.default

    def look(self, paragraph: Element, text: Text) -> Look:
        """Heading level, bold, italic, centred; the list depth is known elsewhere."""
        heading = None
        centred = value(paragraph.find(f"{W}pPr/{W}jc"))
        level = number(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        for element in self._package.chain(self.style_of(paragraph)):
            centred = centred or value(element.find(f"{W}pPr/{W}jc"))
            if level is None:
                level = number(element.find(f"{W}pPr/{W}outlineLvl"))
            name = (value(element.find(W + "name")) or "").lower()
            if heading is None and name.startswith("heading ") and name[8:].isdigit():
                heading = int(name[8:])
        if heading is None and level is not None and 0 <= level < 9:
            heading = level + 1
        said = any(t.strip() for t, _, _ in text.pieces)
        return Look(heading, said and text.bold, said and text.italic, centred == "center")

    def _walk(self, node: Element, style: str | None, text: Text) -> None:
        for child in node:
            if child.tag == W + "r":
                self._run(child, style, text)
            elif child.tag == MC + "AlternateContent":
                self._walk(_chosen(child), style, text)
            elif child.tag == W + "txbxContent":
                text.boxes.append(child)
            elif child.tag not in _REMOVED:
                self._walk(child, style, text)

    def _run(self, run: Element, style: str | None, text: Text) -> None:
        properties = list(self._properties(run, style))
        if _first_said(properties, "vanish"):
            return
        font = next((f for p in properties if (f := _font(p))), None)
        words = "".join(self._contents(run, style, text))
        if not words:
            return
        if _first_said(properties, "caps"):
            words = words.upper() if font_encoding(font) is None else words
        text.pieces.append((words, font_encoding(font), capitals_font(font)))
        if words.strip():
            text.bold &= bool(_first_said(properties, "b"))
            text.italic &= bool(_first_said(properties, "i"))

    def _contents(self, run: Element, style: str | None, text: Text) -> Iterator[str]:
        for child in run:
            if child.tag == W + "t":
                yield child.text or ""
            elif child.tag == W + "br" and value(child, "type") in ("page", "column"):
                yield " "
            elif child.tag in _FIXED:
                yield _FIXED[child.tag]
            elif child.tag == W + "lastRenderedPageBreak":
                text.page_breaks += 1
                text.breaks_before += not any(t.strip() for t, _, _ in text.pieces)
            elif child.tag == MC + "AlternateContent":
                self._walk(_chosen(child), style, text)
            elif child.tag in (W + "drawing", W + "pict", W + "object"):
                text.boxes += child.iter(W + "txbxContent")

    def _properties(self, run: Element, style: str | None) -> Iterator[Element]:
        """Run properties from the nearest to the most general: the run's, its style's, the paragraph style's, the defaults."""
        own = run.find(W + "rPr")
        if own is not None:
            yield own
            for element in self._package.chain(value(own.find(W + "rStyle"))):
                yield from element.findall(W + "rPr")
        for element in self._package.chain(style):
            yield from element.findall(W + "rPr")
        if self._package.defaults is not None:
            yield self._package.defaults


def _chosen(alternatives: Element) -> Element:
    """The first of alternative contents: the others say the same for older programs."""
    return next((c for c in alternatives if c.tag in (MC + "Choice", MC + "Fallback")), ())


def _first_said(properties: list[Element], name: str) -> bool | None:
    return next((said for p in properties if (said := is_on(p.find(W + name))) is not None), None)


def _font(properties: Element) -> str | None:
    fonts = properties.find(W + "rFonts")
    return value(fonts, "hAnsi") or value(fonts, "ascii") if fonts is not None else None
