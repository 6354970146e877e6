"""When an answer is right. Pure functions of what was expected and what came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.types import Answer, Item, Status
from evaluation.cases import Expected
from evaluation.metrics import Rank

DECLINED = frozenset({Status.NO_ANSWER, Status.CHAT})
OFFERED = frozenset({Status.ANSWERED, Status.CLARIFY})


@dataclass(frozen=True)
class Verdict:
    """``right``: the whole answer is; ``failed``: the expectations that were not met; ``rank``: place of the first acceptable item,
    where items are what is judged (``ranked``); ``first_right``: whether what the confidence speaks of is right, where it speaks of
    anything."""

    right: bool
    failed: tuple[str, ...] = ()
    ranked: bool = False
    rank: Rank = None
    first_right: bool | None = None


def _first(items: Sequence[Item], fits: Sequence[bool]) -> Rank:
    return next((place for place, (_, fit) in enumerate(zip(items, fits, strict=True), 1) if fit), None)


def _unmatched(patterns: Sequence[str], values: Sequence[str]) -> list[str]:
    return [p for p in patterns if not any(re.search(p, v) for v in values)]


def _fits(item: Item, expected: Expected) -> bool:
    plan = expected.doc is None or item.plan == expected.doc
    return plan and (expected.title is None or re.search(expected.title, item.title, re.IGNORECASE) is not None)


def judge_answer(expected: Expected, answer: Answer) -> Verdict:
    """Staff, citizens' and conversation questions: everything that is expected must hold of the answer."""
    failed = []
    best = answer.items[0] if answer.items else None
    if expected.status is not None and answer.status is not expected.status:
        failed.append(f"status: {answer.status.value}")
    if expected.doc is not None and (best is None or best.plan != expected.doc):
        failed.append(f"doc: {best.plan if best else None}")
    if expected.title is not None and (best is None or re.search(expected.title, best.title, re.IGNORECASE) is None):
        failed.append(f"title: {best.title if best else None}")
    failed += [f"lead: {p}" for p in _unmatched(expected.lead, answer.lead)]
    failed += [f"partner: {p}" for p in _unmatched(expected.partner, answer.partners)]
    failed += [f"text: {p}" for p in _unmatched(expected.text, [answer.text])]
    ranked = expected.doc is not None or expected.title is not None
    rank = _first(answer.items, [_fits(i, expected) for i in answer.items]) if ranked and answer.status in OFFERED else None
    return Verdict(not failed, tuple(failed), ranked, rank, not failed if answer.status is Status.ANSWERED else None)


def judge_declined(expected: Expected, answer: Answer) -> Verdict:
    """Questions outside what the bot knows: it declines or chats, and shows no item."""
    failed = [f"status: {answer.status.value}"] if answer.status not in DECLINED else []
    failed += [f"item: {answer.items[0].id}"] if answer.items else []
    return Verdict(not failed, tuple(failed), first_right=False if answer.status is Status.ANSWERED else None)


def judge_codes(expected: Expected, answer: Answer) -> Verdict:
    """Procedure questions: the first item of an answer or of a question back is an acceptable procedure."""
    items = answer.items if answer.status in OFFERED else ()
    rank = _first(items, [i.code in expected.codes for i in items])
    right = rank == 1
    failed = () if right else (f"code: {items[0].code or items[0].id}" if items else f"status: {answer.status.value}",)
    return Verdict(right, failed, True, rank, right if items else None)
