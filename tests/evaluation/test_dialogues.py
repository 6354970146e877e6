"""That a dialogue is judged by what came back, whichever way it is played."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assembly import describe
from bot.pipeline import Assistant
from bot.service import Loaded
from evaluation.dialogues import __main__ as command
from evaluation.dialogues import channels, core
from evaluation.dialogues.reading import Dialogue, Turn, load_dialogues
from evaluation.sets import UnreadableSet
from knowledge.encoding import StaticEncoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.conftest import TODAY

BIRTH = "làm giấy khai sinh cần giấy tờ gì"
GOOD = Dialogue(
    "tốt",
    (
        Turn("em ở Hà Mỹ", outcome="province_noted", province="Hà Mỹ"),
        Turn(BIRTH, outcome="found", text=("Giấy chứng sinh",)),
        Turn("/menu", outcome="menu", options=1),
        Turn("danh mục", outcome="menu"),
        Turn("1", no_text=("lỗi",)),
        Turn("/canbo", outcome="hand_over", effect="HandOver", text=("hàng chờ|ngoài giờ",)),
    ),
)
BAD = Dialogue(
    "xấu",
    (
        Turn(BIRTH, outcome="menu", record="procedure/0", text=("không có chữ này",), no_text=("khai sinh",), options=1),
        Turn("em ở Hà Mỹ", province="Đồng Tháp", effect="Forget"),
    ),
)


@pytest.fixture(scope="module")
def small(small_root: Path, encoder: StaticEncoder) -> Loaded:
    index = open_index(small_root, encoder, load_ranking())
    return describe(index, Assistant(index, TODAY), "v1")


@pytest.mark.parametrize("name", ["web", "telegram", "zalo_oa_buttons", "zalo_bot"])
async def test_through_a_channel(name: str, small: Loaded, tmp_path: Path) -> None:
    runs = await channels.play(name, small, [GOOD, BAD], tmp_path)
    assert [(run.id, run.way, sorted(run.faults)) for run in runs] == [
        ("tốt", "typed", []),
        ("tốt", "chosen", []),
        ("xấu", "typed", [1, 2]),
    ]
    first, second = runs[-1].faults[1], runs[-1].faults[2]
    assert [f.partition("': ")[2].split()[0] for f in first] == ["outcome", "record", "text", "no_text", "options"]
    assert [f.partition("': ")[2].split()[0] for f in second] == ["effects", "province"]


def test_on_the_core(small: Loaded) -> None:
    runs = core.play(small.assistant, [BAD])
    assert [sorted(run.faults) for run in runs] == [[1, 2], [1, 2]]


def test_the_command(small_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "set.yaml"
    file.write_text(f"- id: a\n  turns: [{{say: {BIRTH}, outcome: menu}}]\n", encoding="utf-8")
    arguments = ["--index", str(small_root), "--set", str(file), "--channel"]
    assert command.main([*arguments, "zalo_bot"]) == 1
    assert "zalo_bot                   1     1       0" in capsys.readouterr().out
    file.write_text(f"- id: a\n  turns: [{{say: {BIRTH}, outcome: found}}]\n", encoding="utf-8")
    assert command.main([*arguments, "core"]) == 0


def test_a_set_of_another_form_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "set.yaml"
    file.write_text("- id: a\n  turns: [{say: x, wanted: y}]\n", encoding="utf-8")
    with pytest.raises(UnreadableSet, match="wanted"):
        load_dialogues(file)
