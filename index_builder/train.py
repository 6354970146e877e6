"""``python -m index_builder train``: the embedded encoder, the ranking and its calibration, from the data at hand.

First an encoder and an index that have never seen one held-out question a record; on them the ranking and the calibration are
learnt. Then the encoder that is kept, from everything.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from index_builder.build import in_memory
from index_builder.encoder import pairs as source
from index_builder.encoder.training import Recipe, card_of, save
from index_builder.encoder.training import train as train_encoder
from index_builder.ranking_training import calibrate, examples, fit
from knowledge.encoding import EMBEDDED, StaticEncoder
from knowledge.entries import Entry, EntryType, entries_of
from knowledge.lexical import LexicalIndex
from knowledge.loading import DATA, InvalidKnowledge, Knowledge, load
from knowledge.search.features import AspectTable, feature_names
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import RANKING, Searcher
from knowledge.text import folded_keys, with_pairs

FEWEST_QUESTIONS = 3
MOST_HELD_OUT = 4000
NEIGHBOURS = 8
FEWEST_ALIASES = 3
WAYS = 1
"""Ways in which each alias is asked for: about a fifth of all in-scope questions are then short ones."""
OPENINGS = ("", "", "", "tôi muốn", "em cần", "cho hỏi", "mình muốn", "thủ tục")
ENDINGS = ("", "", "", "ở đâu", "cần gì", "thế nào", "ạ", "cần giấy tờ gì", "mấy ngày", "bao nhiêu tiền")
HELD = "held_out.json"


def hold_out(
    entries: Sequence[Entry], groups: Mapping[str, Sequence[Sequence[str]]], rng: random.Random
) -> tuple[list[Entry], dict[str, str], dict[str, list[str]]]:
    """Take one question from each record that has enough: (entries without it, record → its held-out question, record → all that was
    taken away).

    Where a record's questions come from several rounds of writing, the whole round of the held-out question is taken away, for who
    asks the bot is never who wrote its questions.
    """
    rich = [e.id for e in entries if len(e.questions) >= FEWEST_QUESTIONS]
    chosen = set(rng.sample(rich, min(MOST_HELD_OUT, len(rich))))
    held: dict[str, str] = {}
    hidden: dict[str, list[str]] = {}
    for entry in entries:
        if entry.id in chosen:
            question = rng.choice(entry.questions)
            own = groups.get(entry.id, ())
            same_round = [q for group in own if question in group for q in group] if len(own) > 1 else []
            held[entry.id], hidden[entry.id] = question, sorted({question, *same_round})
    return without(entries, hidden), held, hidden


def short_questions(entries: Sequence[Entry], rng: random.Random) -> tuple[list[Entry], list[tuple[str, str]]]:
    """Take one alias from each record that has enough: (entries without it, (record, the alias as people would ask for it)).

    Who writes example questions writes whole ones; who types on a phone writes "đăng ký kết hôn", "em muốn làm sổ đỏ". The calibration
    has to know that these are in scope as well.
    """
    left, asked = [], []
    for entry in entries:
        if len(entry.aliases) >= FEWEST_ALIASES and entry.type in (EntryType.PROCEDURE, EntryType.GUIDE):
            alias = rng.choice(entry.aliases)
            asked += [(entry.id, f"{rng.choice(OPENINGS)} {alias} {rng.choice(ENDINGS)}".strip()) for _ in range(WAYS)]
            entry = dataclasses.replace(entry, aliases=tuple(a for a in entry.aliases if a != alias))
        left.append(entry)
    return left, asked


def without(entries: Sequence[Entry], hidden: Mapping[str, Sequence[str]]) -> list[Entry]:
    """The entries without some of their questions."""
    return [
        dataclasses.replace(e, questions=tuple(q for q in e.questions if q not in hidden[e.id])) if e.id in hidden else e for e in entries
    ]


def neighbours_of(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """For each procedure the procedures with the most similar names: hard negatives."""
    rows = [e for e in entries if e.type is EntryType.PROCEDURE]
    terms = [with_pairs(folded_keys(e.title)) for e in rows]
    index = LexicalIndex.build(terms)
    found = {}
    for entry, own in zip(rows, terms, strict=True):
        best = np.argpartition(-index.scores(dict.fromkeys(own, 1.0)), NEIGHBOURS)[:NEIGHBOURS]
        found[entry.id] = [rows[i].id for i in best if rows[i].id != entry.id]
    return found


def collect_pairs(
    entries: Sequence[Entry], corpora: Sequence[Path], rng: random.Random
) -> tuple[list[source.Pair], list[source.Pair], dict[str, int]]:
    """(pairs about our records, pairs of general language, counts). ``corpora`` are files of portal pages, law articles or
    encyclopedia articles, told apart by their keys; without any, the encoder learns from the records alone."""
    bank = list(source.bank_pairs(entries, rng))
    titles = list(source.title_pairs(entries, rng))
    counts = {"questions": len(bank), "titles": len(titles)}
    general: list[source.Pair] = list(titles)
    for path in corpora:
        first = next(source.read_rows(path))
        kind = "pages" if "ma" in first else "law" if "art" in first else "encyclopedia"
        read = {"pages": source.page_pairs, "law": source.law_pairs, "encyclopedia": source.encyclopedia_pairs}[kind]
        rows = list(read(path, rng))
        counts[kind] = len(rows)
        general += rows
        if kind == "pages":
            bank += rows[::2]
    return bank + titles, general, counts


def train(
    corpora: Sequence[Path], model: Path = EMBEDDED, ranking: Path = RANKING, data: Path = DATA,
    recipe: Recipe | None = None, scratch: Path = Path("var/training"), *, keep_encoder: bool = False,
) -> None:  # fmt: skip
    """Train everything and write the model folder and the ranking file; with ``keep_encoder`` the model folder stays as it is. About
    ten minutes on two cores."""
    import torch

    recipe = recipe or Recipe()
    torch.set_num_threads(2)
    known, problems = load(data)
    if problems:
        raise InvalidKnowledge(problems)
    rng = random.Random(recipe.seed)
    entries = entries_of(known)
    near = neighbours_of(entries)
    left, held, hidden = hold_out(entries, known.questions, rng)

    def encoder_from(rows: Sequence[Entry], folder: Path, label: str) -> StaticEncoder:
        bank, general, counts = collect_pairs(rows, corpora, random.Random(recipe.seed))
        tqdm.write(f"{label}: {counts}")
        vocabulary, weights, log = train_encoder(bank, general, near, recipe, tqdm.write)
        digest = hashlib.sha256(np.asarray(weights, dtype=np.float16).tobytes()).hexdigest()[:12]
        save(folder, vocabulary, weights, card_of(recipe, f"static-{recipe.dimension}-{digest}", counts, log))
        return StaticEncoder(folder)

    blind = encoder_from(left, scratch / "encoder", "Bộ mã hóa tạm (không thấy câu giữ lại)")
    (scratch / HELD).write_text(json.dumps({"held": held, "hidden": hidden}, ensure_ascii=False), encoding="utf-8")
    index = in_memory(known, left, blind, {})
    values: dict[str, Any] = {"weights": _weights(index, held), "learnt_on": {"questions": len(held), "seed": recipe.seed}}
    _calibrate(left, blind, values, held, known, ranking)
    if not keep_encoder:
        encoder_from(entries, model, "Bộ mã hóa dùng thật")


def _calibrate(
    left: Sequence[Entry], blind: StaticEncoder, values: dict[str, Any], held: Mapping[str, str], known: Knowledge, target: Path
) -> None:  # fmt: skip
    shorter, asked = short_questions(left, random.Random(4))
    index = in_memory(known, shorter, blind, values)
    asked += [(record, question) for record, question in held.items() if record in index.by_id]
    learnt = calibrate(Searcher(index), asked, known.out_of_scope, random.Random(3))
    target.write_text(json.dumps({**values, "calibration": learnt}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def relearn(ranking: Path = RANKING, data: Path = DATA, scratch: Path = Path("var/training"), *, aspects: bool = False) -> None:
    """Learn the calibration anew, with the encoder and held-out questions of the last training: after out-of-scope messages changed;
    with ``aspects`` the weights of the aspects too, the others staying as they are: after aspects changed.

    Raises:
        FileNotFoundError: there was no training in ``scratch``.
    """
    known, problems = load(data)
    if problems:
        raise InvalidKnowledge(problems)
    kept = json.loads((scratch / HELD).read_text(encoding="utf-8"))
    left = without(entries_of(known), kept["hidden"])
    held: dict[str, str] = kept["held"]
    blind = StaticEncoder(scratch / "encoder")
    values: dict[str, Any] = json.loads(ranking.read_text(encoding="utf-8"))
    if aspects:
        values["weights"] = _weights(in_memory(known, left, blind, {}), held, kept=values["weights"])
    _calibrate(left, blind, values, held, known, ranking)


def _weights(index: SearchIndex, held: Mapping[str, str], kept: Mapping[str, Mapping[str, float]] | None = None) -> dict[str, Any]:
    """Weights of the ranking from the held-out questions, each distorted in two ways."""
    with tqdm(total=2 * len(held), desc="Tính đặc trưng", mininterval=10) as bar:
        rows = [r for seed in (1, 2) for r in examples(index, index.speller, held, random.Random(seed), bar.update)]
    return fit(rows, feature_names(AspectTable.of(index.aspects, index.titled)), kept)
