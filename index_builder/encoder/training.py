"""Training the embedded encoder: a static embedding over features, with in-batch negatives.

The loss is sentence-transformers' multiple negatives ranking loss (Henderson et al., "Efficient Natural Language Response
Suggestion for Smart Reply", 2017). Half of the batches are drawn among records with near-identical names, whose questions are
each other's hard negatives. Anchors are distorted at random the way people type (:mod:`knowledge.noise`).
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from index_builder.encoder.pairs import Pair
from knowledge import noise
from knowledge.encoding import CARD, prepare, trigrams
from knowledge.text import folded_keys


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the result, besides the data; written to the model card."""

    seed: int = 7
    dimension: int = 256
    syllables: int = 9000
    pairs: int = 30000
    trigram_count: int = 4000
    batch: int = 768
    epochs: int = 7
    general_epochs: int = 1
    learning_rate: float = 0.02
    scale: float = 14.0
    typo_rate: float = 0.15
    teencode_rate: float = 0.15
    drop_rate: float = 0.15
    hard_share: float = 0.15


Progress = Callable[[str], None]


def build_vocabulary(texts: Sequence[tuple[str, float]], recipe: Recipe) -> dict[str, int]:
    """(text, weight) → feature → row: the most frequent syllables, pairs and trigrams."""
    single: Counter[str] = Counter()
    double: Counter[str] = Counter()
    triple: Counter[str] = Counter()
    for text, weight in texts:
        keys = folded_keys(text)
        for key in keys:
            single[key] += weight  # type: ignore[assignment]
        for a, b in pairwise(keys):
            double[f"{a}_{b}"] += weight  # type: ignore[assignment]
    kept = [k for k, n in single.most_common(recipe.syllables) if n >= 2]
    for key in kept:
        for gram in trigrams(key):
            triple[gram] += 1
    kept += [k for k, n in double.most_common(recipe.pairs) if n >= 2]
    kept += [k for k, _ in triple.most_common(recipe.trigram_count)]
    return {feature: row for row, feature in enumerate(kept)}


def distort(text: str, recipe: Recipe, rng: random.Random) -> str:
    """An anchor as someone else might have typed it."""
    draw = rng.random()
    if draw < recipe.typo_rate:
        return noise.typos(text, rng)
    if draw < recipe.typo_rate + recipe.teencode_rate:
        return noise.teencode(text, rng)
    if draw < recipe.typo_rate + recipe.teencode_rate + recipe.drop_rate:
        words = text.split()
        start = rng.randrange(max(1, len(words) // 3))
        return " ".join(words[start : start + max(4, int(len(words) * 0.7))])
    return text


def batches(pairs: Sequence[Pair], neighbours: Mapping[str, Sequence[str]], recipe: Recipe, rng: random.Random) -> list[list[Pair]]:
    """One epoch: every pair once, no group twice in a batch; a share of the batches is filled along name neighbourhoods."""
    by_group: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_group[pair.group].append(pair)
    for rows in by_group.values():
        rng.shuffle(rows)
    made: list[list[Pair]] = []
    hard_target = int(len(pairs) / recipe.batch * recipe.hard_share)
    while by_group:
        groups = list(by_group)
        rng.shuffle(groups)
        if len(made) < hard_target:
            ordered: dict[str, None] = {}
            for group in groups:
                ordered.setdefault(group)
                for near in neighbours.get(group, ()):
                    if near in by_group:
                        ordered.setdefault(near)
                if len(ordered) >= recipe.batch:
                    break
            groups = list(ordered)
        batch = []
        for group in groups[: recipe.batch]:
            batch.append(by_group[group].pop())
            if not by_group[group]:
                del by_group[group]
        if len(batch) >= 16:
            made.append(batch)
    rng.shuffle(made)
    return made


def train(
    bank: Sequence[Pair],
    general: Sequence[Pair],
    neighbours: Mapping[str, Sequence[str]],
    recipe: Recipe,
    say: Progress,
) -> tuple[dict[str, int], Any, list[dict[str, float]]]:
    """Train → (vocabulary, float32 weights as a numpy array, log of losses). Deterministic for a seed and a torch version."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    rng = random.Random(recipe.seed)
    torch.manual_seed(recipe.seed)
    texts = [(t, 4.0) for p in bank for t in (p.anchor, p.positive)] + [(t, 1.0) for p in general for t in (p.anchor, p.positive)]
    vocabulary = build_vocabulary(texts, recipe)
    static = StaticEmbedding(tokenizer_of(vocabulary), embedding_dim=recipe.dimension)
    torch.nn.init.normal_(static.embedding.weight, std=0.1)
    model = SentenceTransformer(modules=[static], device="cpu")
    loss_of = MultipleNegativesRankingLoss(model, scale=recipe.scale)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)
    plan = [list(general)] * recipe.general_epochs + [list(bank)] * recipe.epochs
    epochs = [(number, pairs) for number, pairs in enumerate(plan)]
    total = sum(max(1, len(pairs) // recipe.batch) for _, pairs in epochs)
    log: list[dict[str, float]] = []
    step = 0
    for number, pairs in epochs:
        sum_loss, count = 0.0, 0
        for batch in batches(pairs, neighbours, recipe, rng):
            anchors = [prepare(distort(p.anchor, recipe, rng), vocabulary) for p in batch]
            positives = [prepare(p.positive, vocabulary) for p in batch]
            keep = [i for i in range(len(batch)) if anchors[i] and positives[i]]
            sides = [static.preprocess([side[i] for i in keep]) for side in (anchors, positives)]
            for group in optimizer.param_groups:
                group["lr"] = recipe.learning_rate * max(0.02, 1 - step / max(total, 1)) * min(1.0, (step + 1) / 20)
            loss = loss_of(sides, None)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            sum_loss += float(loss.detach())
            count += 1
            step += 1
        log.append({"epoch": number, "pairs": len(pairs), "steps": count, "loss": round(sum_loss / max(count, 1), 4)})
        say(f"lượt {number + 1}/{len(epochs)}: {len(pairs)} cặp, loss {log[-1]['loss']}")
    return vocabulary, static.embedding.weight.detach().numpy(), log


def tokenizer_of(vocabulary: Mapping[str, int]) -> Any:
    """The whitespace tokenizer of a prepared text (:func:`knowledge.encoding.prepare`)."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel(dict(vocabulary), unk_token=next(iter(vocabulary))))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def save(folder: Path, vocabulary: Mapping[str, int], weights: Any, card: Mapping[str, Any]) -> None:
    """Write the model as a sentence-transformers folder with half-precision weights, and its card."""
    import numpy as np
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({"embedding.weight": np.asarray(weights, dtype=np.float16)}, str(folder / "model.safetensors"))
    tokenizer_of(vocabulary).save(str(folder / "tokenizer.json"), pretty=False)
    modules = [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.sentence_transformer.modules.StaticEmbedding"}]
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def card_of(recipe: Recipe, identity: str, counts: Mapping[str, int], log: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    return {
        "identity": identity,
        "kind": "static embedding over folded syllables, adjacent pairs and letter trigrams",
        "recipe": asdict(recipe),
        "pairs": dict(counts),
        "training_log": [dict(row) for row in log],
    }
