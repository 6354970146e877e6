"""The parts of a .docx package that reading needs, as XML, and the styles they hold."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx.opc.package import OpcPackage
from docx.opc.part import Part
from lxml import etree

from index_builder.documents.reading.limits import DocumentError

Element = Any
"""An lxml element; lxml ships no types."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _xml(part: Part) -> Element:
    """A part's XML; entities are not resolved, and the strict dialect is read like the usual one."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    return etree.fromstring(part.blob.replace(_STRICT, _USUAL), parser)


def _related(part: Part, kind: str) -> Part | None:
    found = (r.target_part for r in part.rels.values() if not r.is_external and r.reltype.endswith(kind))
    return next(found, None)


def value(element: Element | None, name: str = "val") -> str | None:
    """Attribute ``w:name`` of an element that may be missing."""
    return None if element is None else element.get(W + name)


def is_on(element: Element | None) -> bool | None:
    """A switch such as ``<w:b/>``: on, off, or not said."""
    return None if element is None else value(element) not in ("0", "false", "off", "none")


def number(element: Element | None, name: str = "val") -> int | None:
    text = value(element, name)
    return int(text) if text is not None and text.lstrip("-").isdigit() and len(text) < 10 else None


@dataclass(frozen=True)
class Package:
    """``body``: ``w:body``; ``numbering``: ``w:numbering`` or none; ``styles``: style elements by id; ``default``: id of the default
    paragraph style; ``defaults``: default run properties; ``pictures`` and ``footnotes``: how many there are."""

    body: Element
    numbering: Element | None
    styles: Mapping[str, Element]
    default: str | None
    defaults: Element | None
    pictures: int
    footnotes: int

    def chain(self, style: str | None) -> Iterator[Element]:
        """A style's element and those it is based on, nearest first."""
        seen: set[str] = set()
        while style is not None and style in self.styles and style not in seen:
            seen.add(style)
            element = self.styles[style]
            yield element
            style = value(element.find(W + "basedOn"))


def open_package(data: bytes) -> Package:
    """Open the package.

    Raises:
        DocumentError: it holds no text document; other errors mean that it is damaged.
    """
    package = OpcPackage.open(io.BytesIO(data))
    main = next((r.target_part for r in package.rels.values() if not r.is_external and r.reltype.endswith("/officeDocument")), None)
    body = _xml(main).find(W + "body") if main is not None else None
    if main is None or body is None:
        raise DocumentError("Tệp .docx không có phần nội dung. Hãy mở bằng Word rồi lưu lại.")
    styles_part, numbering_part, notes_part = (_related(main, kind) for kind in ("/styles", "/numbering", "/footnotes"))
    styles = _xml(styles_part) if styles_part is not None else None
    by_id = {s.get(W + "styleId"): s for s in styles.findall(W + "style")} if styles is not None else {}
    default = next((i for i, s in by_id.items() if s.get(W + "type") == "paragraph" and s.get(W + "default") in ("1", "true")), None)
    footnotes = 0
    if notes_part is not None:
        footnotes = sum(n.get(W + "type") in (None, "normal") for n in _xml(notes_part).findall(W + "footnote"))
    return Package(
        body,
        _xml(numbering_part) if numbering_part is not None else None,
        by_id,
        default,
        styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if styles is not None else None,
        sum(r.reltype.endswith("/image") for r in main.rels.values()),
        footnotes,
    )
