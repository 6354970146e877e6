"""Whether a question about one side of a procedure is answered with that side first, and in full.

    python -m evaluation.facets [--index DIR] [--set FILE …]

An answer counts when its best item is the asked procedure and the first block after the title line is the asked facet with every line
the record holds on it. "The asked procedure" is the one with the asked code, or one that the asked record names as its former or
related code; the latter is counted apart. A row may name any record instead (``record``), and what has to stand in the answer
(``says``, a pattern): that decides where no facet is asked, and where the record holds nothing and the answer has to say so.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.answering.facets import facet_lines
from bot.pipeline import Assistant
from bot.types import Answer, Intent, Status
from bot.wording import FACETS
from evaluation import commands
from evaluation.commands import asks_for_day, asks_for_index, command, opened
from evaluation.sets import UnreadableSet, read_rows
from knowledge.entries import Entry, EntryType

SETS = tuple(Path(__file__).parent / "sets" / name for name in ("facets.yaml", "facets-second.yaml"))
"""The second was written after the first, in other words and about more sides, and measured before anything was mended for it."""
_CODE = re.compile(r"\b\d\.\d{6}\b")


@dataclass(frozen=True)
class Question:
    """One line of a set. ``code``: of a procedure, or the id of any record; ``says``: a pattern that the answer has to hold."""

    q: str
    code: str
    facet: Intent = Intent.ANY
    says: str | None = None


class Verdict(StrEnum):
    """What became of a question; the values are the headings of the table."""

    GOOD = "đúng"
    RELATED = "đúng, mã liên quan"
    ASKED_BACK = "hỏi lại"
    DECLINED = "từ chối"
    SILENT = "không nói điều cần nói"
    OTHER_RECORD = "sai thủ tục"
    NOT_HELD = "thiếu mặt này"
    OTHER_FACET = "sai mặt"
    INCOMPLETE = "không đủ dòng"


PASSED = frozenset({Verdict.GOOD, Verdict.RELATED})


def load_questions(path: Path) -> list[Question]:
    """The questions of a set.

    Raises:
        UnreadableSet: the file cannot be read, or has a row without ``q``, without ``code`` or ``record``, without ``facet`` or ``says``,
            or with a facet that answers do not have.
    """
    questions = []
    for number, row in enumerate(read_rows(path), 1):
        try:
            says = re.compile(row["says"]).pattern if "says" in row else None
            facet = Intent(row["facet"]) if "facet" in row or says is None else Intent.ANY
            question = Question(str(row["q"]), str(row["record"] if "record" in row else row["code"]), facet, says)
        except (KeyError, TypeError, ValueError, re.error) as error:
            raise UnreadableSet(f"{path.name}, câu {number}: cần q, code hoặc record, facet hoặc says hợp lệ ({error})") from error
        if (facet not in FACETS and facet is not Intent.ANY) or not ("record" in row or _CODE.fullmatch(question.code)):
            raise UnreadableSet(f"{path.name}, câu {number}: mã hoặc mặt không dùng được ({question.code}, {question.facet})")
        questions.append(question)
    return questions


# --- judging -------------------------------------------------------------------------------------------------------------


def codes_of(entry: Entry) -> set[str]:
    """The codes a record goes by: the catalogue's, and the present one where the procedure was renumbered."""
    return {c for c in (entry.code, (entry.record or {}).get("guidance", {}).get("code")) if c}


def relatives_of(entry: Entry) -> set[str]:
    """The codes that a record names as its former or related ones."""
    guidance = (entry.record or {}).get("guidance", {})
    return {*guidance.get("former_codes", ()), *_CODE.findall(" ".join(guidance.get("related", ())))}


def named_by(code: str, entries: Sequence[Entry]) -> Entry | None:
    """The record with an id, or the procedure that goes by a code, one with guidance before one without."""
    found = [e for e in entries if e.id == code or (e.type is EntryType.PROCEDURE and code in codes_of(e))]
    return next((e for e in found if "guidance" in (e.record or {})), next(iter(found), None))


def judge(question: Question, answer: Answer, best: Entry | None, wanted: Entry | None, today: dt.date) -> Verdict:
    """Judge one answer.

    Args:
        best: the record of the answer's best item; none where it has no item.
        wanted: the record of the asked code.
        today: the day the answer was given for.
    """
    if answer.status is Status.CLARIFY:
        return Verdict.ASKED_BACK
    if answer.status is not Status.ANSWERED:
        return Verdict.DECLINED
    own = {question.code} | (codes_of(wanted) if wanted else set())
    others = relatives_of(wanted) if wanted else set()
    reached = {best.id} | (codes_of(best) if best.type is EntryType.PROCEDURE else set()) if best else set()
    if best is None or not reached & (own | others):
        return Verdict.OTHER_RECORD
    if question.says and not re.search(question.says, answer.text):
        return Verdict.SILENT
    if question.facet is Intent.ANY:
        return Verdict.GOOD
    block = answer.text.split("\n")[1:]
    lines = facet_lines(best, question.facet, today)
    if not lines:
        return Verdict.GOOD if question.says else Verdict.NOT_HELD
    if block[:1] != [f"{FACETS[question.facet]}:"]:
        return Verdict.OTHER_FACET
    expected = "\n".join(lines).split("\n")
    if block[1 : 1 + len(expected)] != expected:
        return Verdict.INCOMPLETE
    return Verdict.GOOD if reached & own else Verdict.RELATED


def unsuitable(questions: Sequence[Question], wanted: Mapping[str, Entry | None], today: dt.date) -> list[str]:
    """Questions that no answer could pass: the procedure is not known, or its record does not hold the facet."""
    found = []
    for question in questions:
        entry = wanted[question.code]
        if entry is None:
            found.append(f"{question.code}: không có thủ tục này — {question.q}")
        elif not question.says and not facet_lines(entry, question.facet, today):
            found.append(f"{question.code}: bản ghi không nói về “{FACETS[question.facet]}” — {question.q}")
    return found


# --- running -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """One question, its verdict, and what the answer showed instead."""

    question: Question
    verdict: Verdict
    shown: str


def run(assistant: Assistant, questions: Sequence[Question]) -> list[Judged]:
    """Ask each question on its own and judge the answer."""
    index = assistant.index
    judged = []
    for question in questions:
        answer = assistant.reply(question.q).answer
        best = index.entries[index.by_id[answer.items[0].id]] if answer.items else None
        verdict = judge(question, answer, best, named_by(question.code, index.entries), assistant.today)
        top = f"{best.code or best.id} {best.title[:70]}" if best else answer.outcome.value
        block = answer.text.split("\n")[1][:60] if "\n" in answer.text else ""
        judged.append(Judged(question, verdict, f"{top} ({answer.confidence:.2f}) / {block}"))
    return judged


def report(judged: Sequence[Judged]) -> str:
    """The table by facet and the misses."""
    counts = Counter((j.question.facet, j.verdict) for j in judged)
    facets = [f for f in (*FACETS, Intent.ANY) if any(j.question.facet is f for j in judged)]
    shown = [v for v in Verdict if v in PASSED or any(j.verdict is v for j in judged)]
    lines = [f"{'mặt':<18}{'số câu':>8}" + "".join(f"{v.value:>{len(v.value) + 3}}" for v in shown)]
    for facet in facets:
        total = sum(counts[facet, v] for v in Verdict)
        lines.append(f"{FACETS.get(facet, 'Hướng dẫn'):<18}{total:>8}" + "".join(f"{counts[facet, v]:>{len(v.value) + 3}}" for v in shown))
    sums = [sum(counts[f, v] for f in facets) for v in shown]
    lines.append(f"{'Tất cả':<18}{len(judged):>8}" + "".join(f"{n:>{len(v.value) + 3}}" for n, v in zip(sums, shown, strict=True)))
    passed = sum(j.verdict in PASSED for j in judged)
    lines.append(f"Đúng thủ tục và đúng mặt, đủ dòng: {passed}/{len(judged)} ({passed / max(len(judged), 1):.1%})")
    for j in judged:
        if j.verdict is not Verdict.GOOD:
            lines.append(f"  {j.verdict.value}: {j.question.q} [{j.question.code} {j.question.facet.value}] → {j.shown}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 judged."""
    parser = command("facets", "Chấm câu trả lời về từng mặt của thủ tục.")
    asks_for_index(parser)
    asks_for_day(parser)
    parser.add_argument("--set", type=Path, nargs="+", default=SETS, metavar="TỆP", help="bộ câu hỏi (mặc định: hai bộ của dự án)")
    args = parser.parse_args(argv)
    sets = {path: load_questions(path) for path in args.set}
    assistant = opened(args, args.today)
    for path, questions in sets.items():
        wanted = {q.code: named_by(q.code, assistant.index.entries) for q in questions}
        for problem in unsuitable(questions, wanted, assistant.today):
            print(problem, file=sys.stderr)
        print(f"{path.name}\n{report(run(assistant, questions))}")
    return 0


if __name__ == "__main__":
    commands.run(main)
