"""The directory of bodies and provinces, as understanding needs it: names that must not be cut, and links where they are certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from index_builder.documents.understanding.words import SHORT_FORMS
from knowledge.schema import Office, Province
from knowledge.text import accented_keys


def written_out(name: str) -> str:
    """A body's name with short forms in full: "UBND tỉnh" → "Ủy ban nhân dân tỉnh", "Sở KH&ĐT" → "Sở Kế hoạch và Đầu tư"."""
    words = re.findall(r"[\w&,]+-?\w*|[^\w\s]+", name)
    out: list[str] = []
    for word in words:
        plain = word.strip(",").casefold()
        full = SHORT_FORMS.get(plain)
        out.append((full + ("," if word.endswith(",") else "")) if full else word)
    return re.sub(r"\s+([,;.)])", r"\1", re.sub(r"\(\s+", "(", " ".join(out)))


def key_of(name: str) -> str:
    """What two spellings of one body share: syllables in full, without brackets, without "các"."""
    plain = re.sub(r"\([^()]*\)", " ", written_out(name))
    return " ".join(k for k in accented_keys(plain) if k not in ("cac1", "câp1"))


@dataclass(frozen=True)
class Directory:
    """``names``: full names of bodies; ``ids``: key of a name → ids of the records that carry it; ``provinces``: name → kind."""

    names: tuple[str, ...] = ()
    ids: Mapping[str, tuple[tuple[str, str | None], ...]] = field(default_factory=dict)
    provinces: Mapping[str, str] = field(default_factory=dict)

    def link(self, name: str, province: str) -> str | None:
        """Id of the one record a body's name stands for in a province; None where none or several do."""
        for key in (key_of(name), key_of(re.sub(rf"\s+(?:tỉnh|thành phố)?\s*{re.escape(province)}$", " tỉnh", name)) if province else ""):
            entries = self.ids.get(key, ())
            own = {i for i, where in entries if where == province} or {i for i, where in entries if where is None}
            if len(own) == 1:
                return own.pop()
        return None


def directory_of(offices: Iterable[Office], provinces: Iterable[Province]) -> Directory:
    """Records → the directory."""
    names: list[str] = []
    ids: dict[str, list[tuple[str, str | None]]] = {}
    for office in offices:
        plain = re.sub(r"\s*\([^()]*\)$", "", office.name)
        names += [
            n for n in (plain, *office.aliases) if n[:1].isupper() and " " in n and not re.match(r"Các |Sở, |UBND |Ủy ban nhân dân", n)
        ]
        for name in dict.fromkeys((plain, *office.aliases)):
            ids.setdefault(key_of(name), []).append((office.id, office.province))
    return Directory(tuple(dict.fromkeys(names)), {k: tuple(dict.fromkeys(v)) for k, v in ids.items()}, {p.name: p.kind for p in provinces})
