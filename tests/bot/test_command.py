"""The commands as an operator and a measuring program use them: exit status, one object a line, nothing else on stdout."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as command
from bot.types import Status

FIELDS = {
    "id", "status", "answer", "confidence", "items", "lead", "partners", "when", "offices", "links", "options", "notes", "latency_ms",
}  # fmt: skip
STATUSES = {"answered", "clarify", "no_answer", "chat", "error"}
Program = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def run(
    small_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command in this process, on the small index, in an empty folder: (exit status, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_INDEX_DIR", str(small_root))
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("BOT_TODAY", "2026-11-21")

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            status = command.main(arguments)
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return call


@pytest.fixture
def ask_lines(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> Ask:
    """Ask a file of lines (objects or raw text): (exit status, answer objects, stderr)."""

    def call(*rows: Mapping[str, Any] | str) -> tuple[int, list[dict[str, Any]], str]:
        path = tmp_path / "questions.jsonl"
        path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
        status, out, err = run("ask", "--jsonl", str(path))
        return status, [json.loads(line) for line in out.splitlines()], err

    return call


# --- one question --------------------------------------------------------------------------------------------------------


def test_a_question_is_answered_in_words(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run("ask", "thủ tục 1.001193 cần giấy tờ gì")
    assert (status, err) == (0, "")
    assert "Giấy chứng sinh" in out
    assert not out.startswith("{")


def test_a_question_is_answered_as_an_object(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("ask", "--json", "thủ tục 1.001193 cần giấy tờ gì")
    answer = json.loads(out)
    assert status == 0
    assert set(answer) == FIELDS
    assert answer["status"] == "answered"
    assert answer["items"][0]["code"] == "1.001193"
    assert set(answer["items"][0]) == {"id", "type", "title", "province", "plan", "section", "code", "score"}
    assert answer["latency_ms"] > 0


def test_an_honest_refusal_is_no_failure(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = run("ask", "--json", "asdf qwer zxcv")
    assert status == 0
    assert json.loads(out)["status"] == "no_answer"


def test_a_conversation_is_kept_between_calls(run: Callable[..., tuple[int, str, str]]) -> None:
    run("ask", "--conversation", "a", "thủ tục 1.001193 cần giấy tờ gì")
    run("ask", "--conversation", "b", "thủ tục 1.000894 cần giấy tờ gì")
    codes = [
        json.loads(run("ask", "--json", "--conversation", name, "mất bao nhiêu tiền")[1])["items"][0]["code"] for name in ("a", "b", "a")
    ]
    assert codes == ["1.001193", "1.000894", "1.001193"]


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"a": 1}', '{"a": {}}', '{"a": {"province": 1}}'])
def test_a_memory_that_cannot_be_read_counts_as_none(run: Callable[..., tuple[int, str, str]], tmp_path: Path, content: str) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "terminal.json").write_text(content)
    assert run("ask", "--conversation", "a", "xin chào")[0] == 0
    assert "a" in json.loads((tmp_path / "var" / "terminal.json").read_text(encoding="utf-8"))


REMEMBERED: dict[str, Any] = {"province": None, "question": "cũ", "entry": None, "intent": "any", "options": [], "followups": []}


@pytest.mark.parametrize(
    ("state", "text"),
    [
        pytest.param({"entry": "procedure/9.999999"}, "mất bao nhiêu tiền", id="entry"),
        pytest.param({"options": [["Việc cũ", "procedure/9.999999", None, None]]}, "1", id="option"),
    ],
)
def test_a_remembered_record_that_is_gone(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, state: dict[str, Any], text: str
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "terminal.json").write_text(json.dumps({"a": {**REMEMBERED, **state}}))
    assert run("ask", "--conversation", "a", text)[0] == 0


def test_a_remembered_option_of_another_shape(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "terminal.json").write_text(json.dumps({"a": {**REMEMBERED, "options": [["nhãn"]]}}))
    assert run("ask", "--conversation", "a", "xin chào")[0] == 0


# --- wrong use -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [[], ["ask"], ["hỏi"], ["ask", "a", "b"], ["ask", "a", "--jsonl", "-"], ["ask", "a", "--xml"], ["ask", "--jsonl", "none.jsonl"]],
)
def test_unusable_arguments_exit_2(run: Callable[..., tuple[int, str, str]], arguments: list[str]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err


def test_unusable_settings_exit_2(run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TODAY", "hôm nay")
    status, out, err = run("ask", "xin chào")
    assert (status, out) == (2, "")
    assert "BOT_TODAY" in err


def test_a_conversation_that_cannot_be_kept_is_answered_all_the_same(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "file"))
    status, out, err = run("ask", "--conversation", "a", "thủ tục 1.001193 cần giấy tờ gì")
    assert status == 2
    assert "Giấy chứng sinh" in out
    assert str(tmp_path / "file") in err and len(err.splitlines()) == 1


def test_a_day_that_is_none(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run("ask", "chào", "--today", "31/12/2026")
    assert (status, out) == (2, "")
    assert "cần ngày dạng 2026-11-21" in err


@pytest.mark.parametrize("arguments", [["ask", "xin chào"], ["chat"], ["ask", "--jsonl", "-"]])
def test_no_index_exits_3_and_says_what_to_do(program: Program, tmp_path: Path, arguments: list[str]) -> None:
    done = program("-m", "bot", *arguments, BOT_INDEX_DIR=str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (3, "")
    assert "python -m index_builder build" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_encoder_exits_3(run: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_ENCODER_MODEL", str(tmp_path))
    status, out, err = run("ask", "xin chào")
    assert (status, out) == (3, "")
    assert str(tmp_path) in err


def test_a_ranking_that_does_not_fit_exits_3(run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"weights": {"feature of long ago": {"with": 1.0, "without": 1.0}}, "calibration": {}}
    monkeypatch.setattr("knowledge.search.ranking.load_ranking", lambda: values)
    status, _, err = run("ask", "xin chào")
    assert status == 3
    assert "index_builder train" in err


# --- files of questions --------------------------------------------------------------------------------------------------


def test_one_answer_a_line_in_order_with_its_id(ask_lines: Ask) -> None:
    status, answers, err = ask_lines(
        {"id": "q1", "text": "xin chào"},
        {"id": "q2", "text": "thủ tục 1.001193 ở đâu"},
        "",
        {"id": "q3", "text": ""},
        {"id": 4, "text": "cảm ơn"},
        {"text": "tạm biệt"},
    )
    assert (status, err) == (0, "")
    assert [a["id"] for a in answers] == ["q1", "q2", "q3", 4, None]
    assert [a["status"] for a in answers] == ["chat", "answered", "error", "chat", "chat"]
    assert all(set(a) == FIELDS for a in answers)


MALFORMED = [
    '{"id": "x", ',
    "xin chào",
    "[]",
    "42",
    "null",
    '{"id": "x"}',
    '{"id": "x", "text": 5}',
    '{"id": "x", "text": null}',
    '{"id": "x", "text": "a", "conversation": 7}',
]


@pytest.mark.parametrize("line", MALFORMED)
def test_a_malformed_line_gives_an_error_in_its_place(ask_lines: Ask, line: str) -> None:
    status, answers, _ = ask_lines({"id": "before", "text": "xin chào"}, line, {"id": "after", "text": "xin chào"})
    assert status == 1
    assert [a["status"] for a in answers] == ["chat", "error", "chat"]
    assert answers[1]["answer"].startswith("dòng 2: ")
    assert set(answers[1]) == FIELDS
    assert answers[1]["id"] == ("x" if line.startswith('{"id": "x"') and line.endswith("}") else None)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("[" * 100_000, id="deep nesting"),
        pytest.param('{"id": ' + "1" * 5000 + ', "text": "a"}', id="long number"),
        pytest.param('{"id": "\\ud800", "text": "xin chào"}', id="half a surrogate"),
    ],
)
def test_a_hostile_line_does_not_stop_the_run(program: Program, small_root: Path, line: str) -> None:
    lines = f'{line}\n{{"id": "after", "text": "xin chào"}}\n'
    done = program("-m", "bot", "ask", "--jsonl", "-", stdin=lines.encode(), BOT_INDEX_DIR=str(small_root))
    assert [json.loads(x)["id"] for x in done.stdout.splitlines()][-1:] == ["after"], done.stderr[-300:]


@pytest.mark.parametrize("source", ["file", "-"])
def test_a_line_of_other_bytes_gives_an_error_in_its_place(program: Program, small_root: Path, tmp_path: Path, source: str) -> None:
    lines = b'{"id": "a", "text": "xin chao"}\n{"id": "b", "text": "\xff\xfe"}\n{"id": "c", "text": "xin chao"}\n'
    (tmp_path / "questions.jsonl").write_bytes(lines)
    name = "-" if source == "-" else str(tmp_path / "questions.jsonl")
    done = program("-m", "bot", "ask", "--jsonl", name, stdin=lines, BOT_INDEX_DIR=str(small_root))
    answers = [json.loads(x) for x in done.stdout.splitlines()]
    assert [(a["id"], a["status"]) for a in answers if a["id"] in ("a", "c")] == [("a", "chat"), ("c", "chat")]
    assert len(answers) == 3
    assert "Traceback" not in done.stderr


def test_lines_of_one_conversation_share_their_state(ask_lines: Ask) -> None:
    _, answers, _ = ask_lines(
        {"id": 1, "text": "thủ tục 1.001193 cần giấy tờ gì", "conversation": "a"},
        {"id": 2, "text": "thủ tục 1.000894 cần giấy tờ gì", "conversation": "b"},
        {"id": 3, "text": "mất bao nhiêu tiền", "conversation": "a"},
        {"id": 4, "text": "mất bao nhiêu tiền", "conversation": "b"},
        {"id": 5, "text": "mình ở Hà Mỹ", "conversation": "c"},
        {"id": 6, "text": "mất bao nhiêu tiền"},
    )
    assert [a["items"][0]["code"] for a in answers[:4]] == ["1.001193", "1.000894", "1.001193", "1.000894"]
    assert not any(i["score"] == 1.0 for i in answers[5]["items"]), "a line without a conversation stands alone"


def test_standard_input_is_a_file_too(program: Program, small_root: Path) -> None:
    lines = '{"id": "á", "text": "xin chào"}\n\n{"id": 2, "text": "thủ tục 1.001193 ở đâu"}\nkhông phải json\n'
    done = program("-m", "bot", "ask", "--jsonl", "-", stdin=lines.encode(), BOT_INDEX_DIR=str(small_root))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(a["id"], a["status"]) for a in answers] == [("á", "chat"), (2, "answered"), (None, "error")]
    assert answers[2]["answer"].startswith("dòng 4")
    assert (done.returncode, done.stderr) == (1, "")


def test_an_empty_file_gives_nothing(ask_lines: Ask) -> None:
    assert ask_lines("") == (0, [], "")


def test_a_memory_of_half_a_letter(run: Callable[..., tuple[int, str, str]]) -> None:
    """Bytes that are no UTF-8 come in from the command line as half surrogates."""
    status, out, _ = run("ask", "th\udce1 tục khai sinh ở đâu")
    assert status == 0
    assert out.strip()


def test_a_remembered_question_of_other_bytes(run: Callable[..., tuple[int, str, str]]) -> None:
    assert run("ask", "--conversation", "a", "đăng ký khai sinh th\udce1 nào")[0] == 0


# --- talking -------------------------------------------------------------------------------------------------------------


def test_a_chat_goes_on_until_an_empty_line(program: Program, small_root: Path) -> None:
    done = program(
        "-m", "bot", "chat", stdin="thủ tục 1.001193 cần gì\nmất bao nhiêu tiền\n\nxin chào\n".encode(), BOT_INDEX_DIR=str(small_root)
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert "Giấy chứng sinh" in done.stdout
    assert "Không thu lệ phí nếu đúng hạn" in done.stdout
    assert "em chào" not in done.stdout


def test_a_chat_writes_only_answers_to_stdout(program: Program, small_root: Path) -> None:
    done = program("-m", "bot", "chat", stdin="xin chào\n".encode(), BOT_INDEX_DIR=str(small_root))
    assert done.stdout.startswith("Dạ")


def test_error_objects_have_the_fields_of_answers() -> None:
    from bot.contract import error_object

    assert set(error_object("sai", "q")) == FIELDS
    assert {s.value for s in Status} == STATUSES
