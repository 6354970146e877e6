"""The task *documents*: every document with a record written by hand, drafted and measured; a table and the list of misses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.documents.measuring import Measures, measure
from index_builder.documents.drafting import load_directory
from index_builder.documents.reading import read_document
from index_builder.documents.understanding.directory import Directory
from index_builder.documents.understanding.understand import understand
from knowledge.loading import DATA
from knowledge.parsing import parse_records
from knowledge.schema import Plan

FIXTURES = Path(__file__).parent.parent / "sets" / "documents"
FORMATS = (".docx", ".pdf", ".html", ".md", ".txt")
COLUMNS = ("recall", "precision", "kind", "leads", "partners", "times", "metadata", "reports", "report_facts")
HEADINGS = (
    "Nhiệm vụ: tìm được",
    "tìm đúng",
    "đúng loại",
    "Chủ trì",
    "Phối hợp (F1)",
    "Thời gian",
    "Đầu, cuối",
    "Báo cáo (F1)",
    "nội dung báo cáo",
)


@dataclass(frozen=True)
class Pair:
    """A document and the record a person wrote for it."""

    document: Path
    plan: Plan


class NoDocuments(ValueError):
    """There is nothing to measure; the message says what was looked for."""


def pairs(documents: Path, records: Path) -> list[Pair]:
    """Documents of a folder with the records of the same name.

    Raises:
        NoDocuments: there is no such pair, or a record is not valid.
    """
    found = []
    for path in sorted(records.glob("*.yaml")):
        source = next((documents / f"{path.stem}{e}" for e in FORMATS if (documents / f"{path.stem}{e}").is_file()), None)
        if source is None:
            continue
        plans, problems = parse_records(path.read_text("utf-8"), path.name, Plan)
        if problems:
            raise NoDocuments("\n".join(str(p) for p in problems))
        found.append(Pair(source, plans[0]))
    if not found:
        raise NoDocuments(f"Không có văn bản nào trong {documents} mang tên một bản ghi của {records}.")
    return found


def measured(found: Iterable[Pair], directory: Directory) -> dict[str, Measures]:
    """Measures by the name of the document."""
    return {p.document.name: measure(p.plan, understand(read_document(p.document), directory), directory) for p in found}


def table(groups: Sequence[tuple[str, dict[str, Measures]]]) -> str:
    """All figures as Markdown: one row a document, and the sum of each group."""
    rows = [f"| Văn bản | {' | '.join(HEADINGS)} |", "|---" * (len(HEADINGS) + 1) + "|"]
    for name, documents in groups:
        total = Measures()
        for document, one in documents.items():
            rows.append(_row(document, one))
            total.merge(one)
        rows.append(_row(f"**{name}**", total))
    return "\n".join(rows)


def _row(name: str, one: Measures) -> str:
    return f"| {name} | {' | '.join(f'{one.figure(c):.3f}' for c in COLUMNS)} |"


def run(originals: Path | None) -> tuple[list[tuple[str, dict[str, Measures]]], list[str]]:
    """Measure the invented documents, and the originals of the project's own plans where their folder is given.

    Returns the groups for ``table`` and all misses in words.
    """
    directory = load_directory(DATA)
    groups = [("Văn bản tự viết", measured(pairs(FIXTURES, FIXTURES), directory))]
    if originals is not None:
        groups.insert(0, ("Bản gốc", measured(pairs(originals, DATA / "plans"), directory)))
    return groups, [miss for _, documents in groups for one in documents.values() for miss in one.misses]
