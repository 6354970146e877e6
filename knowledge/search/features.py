"""What the ranking looks at: one row of features for each candidate entry of a question.

Lexical scores are divided by what a perfect line could get, so that they mean the same for short and long questions. An entry
without everyday questions gets a flag of its own, and its question features are zero: the model has separate weights for such
entries (:mod:`knowledge.search.ranking`), so that they are not punished for the lack.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import PLAN_TYPES, Entry, EntryType
from knowledge.phrases import PhraseTable
from knowledge.schema import Aspect
from knowledge.search.index import ACCENTED_FIELDS, FOLDED_FIELDS, LEGS, Floats, Ints, SearchIndex
from knowledge.search.query import Query
from knowledge.text import accented_keys, folded_keys

BASE = (
    "names_folded", "names_accented", "body_folded", "body_accented", "dense_title", "dense_name", "dense_centroid",
    "questions_folded", "questions_accented", "questions_second", "dense_question", "dense_question_second", "whole_folded",
    "need", "internal", "short_title",
)  # fmt: skip
RANKED = (
    "names_folded", "body_folded", "questions_folded", "whole_folded", "dense_title", "dense_name", "dense_centroid", "dense_question",
)  # fmt: skip
"""Signals whose reciprocal rank among the candidates is a feature too: who leads matters more than by how much."""
BRIEF = "brief_and_more"
"""For questions of few words: how much the record's nearest name says beyond the question. Who says no more than "làm khai sinh" means the
ordinary one, not the one at the border or at home."""
LONG = 12
"""Syllables from which a question is no longer brief."""
TYPES = tuple(t.value for t in EntryType)
ADMIN_CUES = PhraseTable(
    tuple(p.split())
    for p in (
        "chu tri", "phoi hop", "ke hoach", "cchc", "cai cach hanh chinh", "tuyen truyen", "truyen thong", "papi", "par index", "pci",
        "bao cao", "dau moi", "tap huan", "so nao", "co quan nao", "don vi nao", "phong nao", "giao cho", "phu trach", "nhiem vu",
        "kinh phi", "theo doi", "don doc", "chuyen muc",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Traits:
    """What a record brings to the ranking whatever is asked, a row an entry: its ``own`` features (need, internal, short title), its
    type as one of :data:`TYPES`, whether it belongs to a plan or is a procedure, and the words of its names."""

    own: Floats
    types: Floats
    plan: Floats
    procedure: Floats
    names: NameTerms

    @staticmethod
    def of(entries: Sequence[Entry]) -> Traits:
        own = [(e.need, float(e.internal), 1.0 / (1.0 + len(e.title) / 60.0)) for e in entries]
        return Traits(
            np.array(own, dtype=np.float32).reshape(len(entries), 3),
            np.array([[e.type.value == t for t in TYPES] for e in entries], dtype=np.float32).reshape(len(entries), len(TYPES)),
            np.array([e.type in PLAN_TYPES for e in entries], dtype=np.float32),
            np.array([e.type is EntryType.PROCEDURE for e in entries], dtype=np.float32),
            NameTerms.of(entries),
        )


@dataclass(frozen=True)
class NameTerms:
    """The syllables of every name (title, aliases; in the order of :class:`~knowledge.search.index.Layout`) as numbers, one after another,
    with their weights: the rarer among titles the more (inverse document frequency)."""

    numbers: Mapping[str, int]
    terms: Ints
    weights: Floats
    start: Ints
    totals: Floats

    @staticmethod
    def of(entries: Sequence[Entry]) -> NameTerms:
        names = [tuple(dict.fromkeys(folded_keys(name))) for e in entries for name in (e.title, *e.aliases)]
        numbers: dict[str, int] = {}
        terms = np.array([numbers.setdefault(key, len(numbers)) for keys in names for key in keys], dtype=np.int64)
        counts = np.bincount(terms, minlength=len(numbers))
        weights = np.log(len(names) / counts)[terms].astype(np.float32)
        start = np.concatenate([[0], np.cumsum([len(keys) for keys in names])]).astype(np.int64)
        totals = np.add.reduceat(np.append(weights, np.float32(0.0)), start[:-1]) if len(names) else np.zeros(0, dtype=np.float32)
        return NameTerms(numbers, terms, weights, start, totals.astype(np.float32))

    def beyond(self, keys: Sequence[str], names: Ints) -> Floats:
        """For each of the names (their numbers) the share of its weight that the question's folded syllables don't hold, 0–1."""
        said = np.zeros(len(self.numbers), dtype=np.float32)
        said[[self.numbers[k] for k in keys if k in self.numbers]] = 1.0
        rows, bounds = row_ranges(self.start, names)
        held = np.add.reduceat(np.append(self.weights[rows] * said[self.terms[rows]], np.float32(0.0)), bounds[:-1])
        beyond: Floats = np.float32(1.0) - (held / np.maximum(self.totals[names], np.float32(1e-6))).astype(np.float32)
        return beyond


@dataclass(frozen=True)
class AspectTable:
    """For each aspect: its phrases of questions (accented, folded keys), and which entries' titles have it."""

    names: tuple[str, ...]
    asked_accented: tuple[PhraseTable, ...]
    asked_folded: tuple[PhraseTable, ...]
    titled: NDArray[np.bool_]

    @staticmethod
    def of(aspects: Sequence[Aspect], titled: NDArray[np.bool_]) -> AspectTable:
        return AspectTable(
            tuple(a.name for a in aspects),
            tuple(PhraseTable(tuple(accented_keys(t)) for t in a.asked) for a in aspects),
            tuple(PhraseTable(tuple(folded_keys(t)) for t in a.asked) for a in aspects),
            titled,
        )

    def asked(self, query: Query) -> NDArray[np.bool_]:
        """Which aspects the question names, shape ``(aspects,)``."""
        keys = accented_keys(query.plain) if query.marked else folded_keys(query.plain)
        tables = self.asked_accented if query.marked else self.asked_folded
        return np.array([table.stands_in(keys) for table in tables], dtype=bool)


def feature_names(aspects: AspectTable) -> tuple[str, ...]:
    """Names of the columns that :func:`matrix` makes, in order."""
    return (
        *BASE,
        *(f"rank:{name}" for name in RANKED),
        *(f"type:{t}" for t in TYPES),
        "admin_cue_and_plan", "admin_cue_and_procedure",
        BRIEF,
        *(f"{kind}:{a}" for a in aspects.names for kind in ("agrees", "missing", "unasked")),
    )  # fmt: skip


def entry_scores(scores: Floats, start: Ints) -> Floats:
    """Best line score of every entry; 0 for entries without lines. ``scores`` has the lines in its last axis, ``start`` one more element
    than there are entries."""
    filled = np.flatnonzero(start[1:] > start[:-1])
    out = np.zeros((*scores.shape[:-1], len(start) - 1), dtype=np.float32)
    if len(filled):
        out[..., filled] = np.maximum.reduceat(scores, start[:-1][filled], axis=-1)
    return out


def second_scores(scores: Floats, start: Ints, best: Floats) -> Floats:
    """Second best line score of every entry; 0 for entries with fewer than two lines. Shapes as in :func:`entry_scores`."""
    rest = np.where(scores >= np.repeat(best, np.diff(start), axis=-1) - 1e-7, np.float32(0.0), scores)
    return entry_scores(rest, start)


def reciprocal_ranks(scores: Floats) -> Floats:
    """1, 1/2, 1/3 … by descending score in the last axis; 0 where the score is 0."""
    ranks = np.empty_like(scores)
    steps = 1.0 / np.arange(1, scores.shape[-1] + 1, dtype=np.float32)
    np.put_along_axis(ranks, np.argsort(-scores, axis=-1, kind="stable"), np.broadcast_to(steps, scores.shape), axis=-1)
    return np.where(scores > 0, ranks, np.float32(0.0))


def row_ranges(start: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Line numbers of the chosen entries one after another, and where each entry's stand among them."""
    counts = start[chosen + 1] - start[chosen]
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    rows = np.arange(bounds[-1]) - np.repeat(bounds[:-1], counts) + np.repeat(start[chosen], counts)
    return rows.astype(np.int64), bounds


@dataclass(frozen=True)
class LegScores:
    """Scores of every entry in each lexical leg (0…about 1), of every everyday question in the folded leg (in the order of
    :mod:`knowledge.search.planes`) and of every decoy, the question's unit vector, and the lines nearest to it."""

    lexical: dict[str, Floats]
    question_lines: Floats
    decoys: Floats
    vector: Floats
    nearest: Ints


NEAREST = 96
PER_LEG = 30


def leg_scores(index: SearchIndex, query: Query) -> LegScores:
    """All legs of one question. Without tone marks the accented legs say nothing and repeat the folded ones."""
    planes = {"names": index.layout.name_planes, "questions": index.layout.question_planes}

    def by_entry(lines: Mapping[str, Floats]) -> dict[str, Floats]:
        return {field: planes[field].best(scores) if field in planes else scores for field, scores in lines.items()}

    lines = dict(zip(FOLDED_FIELDS, index.folded.shares(query.folded()), strict=True))
    decoys = lines.pop("decoys")
    folded = by_entry(lines)
    accented = by_entry(dict(zip(ACCENTED_FIELDS, index.accented.shares(query.accented()), strict=True))) if query.marked else folded
    lexical = {name: (accented if form == "accented" else folded)[field] for name in LEGS for field, form in [name.rsplit("_", 1)]}
    texts = [query.text] if query.text.lower() == query.plain else [query.text, query.plain]
    vector = index.encoder.queries(texts).mean(axis=0)
    vector /= max(float(np.linalg.norm(vector)), 1e-9)
    _, nearest = index.nearest.search(vector[None, :], NEAREST)
    return LegScores(lexical, lines["questions"], decoys, vector, nearest[0][nearest[0] >= 0])


def candidates(index: SearchIndex, legs: LegScores, allowed: NDArray[np.bool_] | None, per_leg: int = PER_LEG) -> Ints:
    """Entries that stand among the best ``per_leg`` of a lexical leg, or own a line among the nearest; ascending."""
    forms = ("folded", "accented") if legs.lexical["names_accented"] is not legs.lexical["names_folded"] else ("folded",)
    names = ("whole_folded", *(f"{field}_{form}" for field in ("names", "questions", "body") for form in forms))
    # Turned round, since the smallest come first in a partition.
    behind = np.stack([legs.lexical[name] for name in names])
    np.negative(behind, out=behind)
    chosen = np.zeros(behind.shape[1], dtype=np.bool_)
    chosen[index.owner[legs.nearest]] = True
    if allowed is not None:
        chosen &= allowed
        own = allowed.astype(np.float32)
        behind *= own
        behind += 1.0 - own
    k = min(per_leg, behind.shape[1])
    top = np.argpartition(behind, k - 1, axis=1)[:, :k]
    chosen[top[np.take_along_axis(behind, top, axis=1) < 0]] = True
    return np.flatnonzero(chosen).astype(np.int64, copy=False)


_BLOCKS = (0, *accumulate((len(BASE), len(RANKED), len(TYPES), 2, 1)), None)
"""Where the rows of :func:`matrix` begin: base, ranks, types, cues, brief, aspects."""
_RANKED_ROWS = [BASE.index(name) for name in RANKED]


def matrix(index: SearchIndex, aspects: AspectTable, traits: Traits, query: Query, legs: LegScores, chosen: Ints) -> Floats:
    """Features of the chosen entries, shape ``(len(chosen), len(feature_names))``."""
    layout = index.layout
    # A row a feature while it is filled.
    values = np.empty((len(BASE) + len(RANKED) + len(TYPES) + 2 + 1 + 3 * len(aspects.names), len(chosen)), dtype=np.float32)
    base, ranks, types, cues, brief, named = (values[start:end] for start, end in pairwise(_BLOCKS))
    row = dict(zip(BASE, base, strict=True))
    for name in LEGS:
        row[name][:] = legs.lexical[name][chosen]
    names, name_bounds = row_ranges(layout.name_start, chosen)
    questions, bounds = row_ranges(layout.question_start, chosen)
    likeness = index.vectors[np.concatenate([names, questions + index.question_offset, chosen + index.centroid_offset])] @ legs.vector
    of_names, of_questions = likeness[: len(names)], likeness[len(names) : len(names) + len(questions)]
    row["dense_centroid"][:] = likeness[len(names) + len(questions) :]
    row["dense_title"][:] = of_names[name_bounds[:-1]]
    np.maximum.reduceat(of_names, name_bounds[:-1], out=row["dense_name"])
    row["dense_question"][:] = entry_scores(of_questions, bounds)
    lines = np.stack([legs.question_lines[layout.question_planes.place[questions]], of_questions])
    best = np.stack([row["questions_folded"], row["dense_question"]])
    row["questions_second"][:], row["dense_question_second"][:] = second_scores(lines, bounds, best)
    base[-3:] = traits.own[chosen].T
    ranks[:] = reciprocal_ranks(base[_RANKED_ROWS])
    types[:] = traits.types[chosen].T
    keys = folded_keys(query.plain)
    brevity = max(0.0, (LONG - len(keys)) / LONG)
    np.minimum.reduceat(traits.names.beyond(keys, names) * np.float32(brevity), name_bounds[:-1], out=brief[0])
    if ADMIN_CUES.stands_in(keys):
        cues[:] = traits.plan[chosen], traits.procedure[chosen]
    else:
        cues[:] = 0.0
    asked, titled = aspects.asked(query)[:, None], aspects.titled[:, chosen]
    named[0::3], named[1::3], named[2::3] = asked & titled, asked & ~titled, ~asked & titled
    return values.T
