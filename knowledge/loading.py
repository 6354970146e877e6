"""Reading ``knowledge/data``: YAML and JSON lines → validated, frozen records, or a list of errors a person can act on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.parsing import Problem, describe, parse_records, review_marks
from knowledge.schema import (
    Aspect,
    CatalogueEntry,
    Guidance,
    Guide,
    LegalDocument,
    LexiconEntry,
    LifeEvent,
    Office,
    OutOfScope,
    Plan,
    Province,
    RecordNames,
    RecordQuestions,
    Term,
)

DATA = Path(__file__).parent / "data"
_Model = TypeVar("_Model", bound=BaseModel)


class InvalidKnowledge(ValueError):
    """The knowledge cannot be used; ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(f"  {p}" for p in self.problems[:20])
        more = f"\n  … và {len(self.problems) - 20} lỗi nữa" if len(self.problems) > 20 else ""
        super().__init__(f"Dữ liệu tri thức có {len(self.problems)} lỗi:\n{shown}{more}")


@dataclass
class Knowledge:
    """Everything that is known, by kind; ``questions`` maps a record's id to its everyday questions, one tuple for each file (each
    round of writing) they come from."""

    plans: list[Plan] = field(default_factory=list)
    provinces: list[Province] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    legal_documents: list[LegalDocument] = field(default_factory=list)
    guides: list[Guide] = field(default_factory=list)
    guidance: list[Guidance] = field(default_factory=list)
    catalogue: dict[str, CatalogueEntry] = field(default_factory=dict)
    lexicon: list[LexiconEntry] = field(default_factory=list)
    aspects: list[Aspect] = field(default_factory=list)
    questions: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    out_of_scope: list[str] = field(default_factory=list)
    life_events: list[LifeEvent] = field(default_factory=list)


def load_plans(data: Path) -> list[Plan]:
    """The plans of a data folder that can be read; ``load`` names those that cannot."""
    files = ((path.name, path.read_text(encoding="utf-8", errors="replace")) for path in _files(data / "plans"))
    return [plan for name, text in files for plan in parse_records(text, name, Plan)[0]]


def _files(folder: Path, pattern: str = "*.yaml") -> Iterator[Path]:
    yield from sorted(folder.rglob(pattern)) if folder.is_dir() else []


def load(data: Path = DATA) -> tuple[Knowledge, list[Problem]]:
    """Read a data folder whole. Broken files give problems and are left out; the rest is loaded."""
    known, problems = Knowledge(), []

    def take(path: Path, model: type[_Model], at: Sequence[str] = ()) -> list[_Model]:
        name = str(path.relative_to(data))
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(name, None, "", f"không đọc được: {error}"))
            return []
        records, found = parse_records(text, name, model, at)
        problems.extend(found)
        problems.extend(review_marks(text, name))
        return records

    for path in _files(data / "plans"):
        known.plans += take(path, Plan)
    if (data / "provinces.yaml").exists():
        known.provinces = take(data / "provinces.yaml", Province)
    for path in _files(data / "offices"):
        known.offices += take(path, Office)
    for path in _files(data / "terms"):
        known.terms += take(path, Term)
    if (data / "legal_documents.yaml").exists():
        known.legal_documents = take(data / "legal_documents.yaml", LegalDocument)
    for path in _files(data / "guides"):
        known.guides += take(path, Guide)
    for path in _files(data / "procedures"):
        if path.name != "need.yaml":
            known.guidance += take(path, Guidance)
    for path in _files(data / "lexicon"):
        known.lexicon += take(path, LexiconEntry, ("entries",))
    if (data / "out_of_scope.yaml").exists():
        known.out_of_scope = [q for block in take(data / "out_of_scope.yaml", OutOfScope) for q in block.questions]
    if (data / "life_events.yaml").exists():
        known.life_events = take(data / "life_events.yaml", LifeEvent)
    if (data / "aspects.yaml").exists():
        known.aspects = take(data / "aspects.yaml", Aspect, ("aspects",))
    for path in _files(data / "questions"):
        for block in take(path, RecordQuestions, ("records",)):
            known.questions.setdefault(block.record, []).append(block.questions)
    for path in _files(data / "names"):
        for named in take(path, RecordNames, ("records",)):
            known.names[named.record] = (*known.names.get(named.record, ()), *named.names)
    problems += _same_code(known.guidance)
    catalogue = data / "procedures" / "catalogue.jsonl"
    if catalogue.exists():
        known.catalogue, found = _load_catalogue(catalogue, str(catalogue.relative_to(data)))
        problems += found
    problems += _pointing_nowhere(known)
    return known, problems


def _same_code(guidance: Sequence[Guidance]) -> Iterator[Problem]:
    """Two pieces of guidance for one procedure, of which only one could be shown."""
    first: dict[str, str] = {}
    for g in guidance:
        if g.code and (other := first.setdefault(g.code, g.id)) != g.id:
            yield Problem("procedures", None, g.id, f"cùng mã thủ tục {g.code} với {other}")


def _load_catalogue(path: Path, name: str) -> tuple[dict[str, CatalogueEntry], list[Problem]]:
    found: dict[str, CatalogueEntry] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Problem(name, None, "", f"không đọc được: {error}")]
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = CatalogueEntry.model_validate_json(line)
        except ValidationError as invalid:
            label = ".".join(str(p) for p in invalid.errors()[0]["loc"])
            problems.append(Problem(name, number, label, describe(invalid.errors()[0])))
            continue
        if entry.code in found:
            problems.append(Problem(name, number, "code", f"mã {entry.code} đã có ở một dòng trước"))
        found.setdefault(entry.code, entry)
    return found, problems


def _pointing_nowhere(known: Knowledge) -> Iterator[Problem]:
    """Choices of life events whose record does not exist, and events named twice."""
    # Guidance for a renumbered procedure stands under the former code, as entries_of has it.
    own = (g for g in known.guidance if not any(f in known.catalogue for f in g.former_codes))
    records = {f"procedure/{code}" for code in known.catalogue} | {f"procedure/{g.code or g.id}" for g in own}
    records |= {f"guide/{g.id}" for g in known.guides}
    seen: set[str] = set()
    for event in known.life_events:
        if event.id in seen:
            yield Problem("life_events.yaml", None, event.id, "mã này đã có ở trên")
        seen.add(event.id)
        for number, choice in enumerate(event.choices):
            if choice.record not in records:
                yield Problem("life_events.yaml", None, f"{event.id}.choices.{number}.record", f"không có bản ghi {choice.record!r}")


def content_hash(data: Path = DATA, without: str | None = None) -> str:
    """A hash over names and bytes of all data files (but those in the folder ``without``): the same knowledge gives the same hash on
    every machine."""
    digest = hashlib.sha256()
    files = (p for p in data.rglob("*") if p.is_file() and p.suffix in (".yaml", ".jsonl", ".json"))
    for path in sorted(p for p in files if without is None or data / without not in p.parents):
        digest.update(str(path.relative_to(data)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
