"""Command line: ``ask`` (one question or a file of them), ``chat``, ``serve``. Answers go to stdout, everything else to stderr."""

from __future__ import annotations

import argparse
import io
import json
import logging
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.contract import error_object, to_contract
from bot.types import State
from config.console import Parser, day, refused
from config.settings import Settings, WrongSettings, load_settings, unknown_variables
from knowledge.encoding import EncoderError
from knowledge.search.ranking import RankingError
from knowledge.store import IndexUnusable

if TYPE_CHECKING:
    from bot.pipeline import Assistant

log = logging.getLogger("bot")

MAINTENANCE = ("backup", "change-key", "import-database")
OK, FAILED, USAGE, NO_INDEX = 0, 1, 2, 3
STOPPED = 130
"""As a shell says it of a command that was stopped with Ctrl+C."""


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m bot", description="Hỏi đáp thủ tục hành chính và kế hoạch của tỉnh.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="LỆNH")
    ask = commands.add_parser("ask", help="trả lời một câu hỏi, hoặc một tệp câu hỏi")
    ask.add_argument("question", nargs="?", help="câu hỏi")
    ask.add_argument("--json", action="store_true", help="in đối tượng JSON thay cho lời văn")
    ask.add_argument("--jsonl", metavar="TỆP", help="tệp mỗi dòng một đối tượng JSON có id, text; '-' là đầu vào chuẩn")
    ask.add_argument("--conversation", metavar="ID", help="tên cuộc trò chuyện, để nhớ giữa các lần gọi")
    ask.add_argument("--today", type=day, metavar="NGÀY", help="trả lời như đang ở ngày này, dạng 2026-11-21")
    commands.add_parser("chat", help="trò chuyện ngay trên màn hình này")
    commands.add_parser("serve", help="chạy web, API và các kênh đã cấu hình")
    commands.add_parser("zalo-authorise", help="cấp quyền cho bot gửi tin thay Zalo Official Account")
    copy = commands.add_parser("backup", help="sao lưu cơ sở dữ liệu SQLite, cả khi bot đang chạy")
    copy.add_argument("target", type=Path, metavar="TỆP", help="tệp sẽ được tạo; không ghi đè tệp đã có")
    key = commands.add_parser("change-key", help="đổi khóa bí mật của cơ sở dữ liệu (dừng bot trước)")
    key.add_argument("--old", type=Path, metavar="TỆP", help="tệp chứa khóa cũ, để đọc những gì đã mã hóa (không có: những thứ ấy mất)")
    bring = commands.add_parser(
        "import-database", help="chuyển dữ liệu từ tệp SQLite vào cơ sở dữ liệu trống đang cấu hình (dừng bot trước)"
    )
    bring.add_argument("source", type=Path, metavar="TỆP", help="tệp SQLite, ví dụ var/bot.sqlite3")
    password = commands.add_parser("admin-password", help="tạo mã băm mật khẩu cho trang cán bộ")
    password.add_argument("name", nargs="?", default="", help="tên người dùng (để trống: mật khẩu chung)")
    return parser


def read_requests(lines: Iterable[bytes]) -> Iterator[tuple[Any, str | None, str | None, str | None]]:
    """Lines of a ``--jsonl`` file → (id, text, conversation, what is wrong with the line). Empty lines are skipped."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except UnicodeDecodeError:
            yield None, None, None, f"dòng {number}: không phải UTF-8"
            continue
        except json.JSONDecodeError as error:
            yield None, None, None, f"dòng {number}: không phải JSON hợp lệ ({error.msg})"
            continue
        except (ValueError, RecursionError):
            yield None, None, None, f"dòng {number}: JSON có số quá dài hoặc lồng quá sâu"
            continue
        if not isinstance(row, dict):
            yield None, None, None, f"dòng {number}: cần một đối tượng JSON"
            continue
        text, conversation = row.get("text"), row.get("conversation")
        if not isinstance(text, str):
            yield row.get("id"), None, None, f"dòng {number}: thiếu trường text, hoặc text không phải chuỗi"
        elif conversation is not None and not isinstance(conversation, str):
            yield row.get("id"), None, None, f"dòng {number}: conversation phải là chuỗi"
        else:
            yield row.get("id"), text, conversation, None


def _as_line(values: Any) -> str:
    """JSON in one line. Half a surrogate pair, which an id may hold, cannot be printed and stays escaped."""
    line = json.dumps(values, ensure_ascii=False)
    return json.dumps(values) if any("\ud800" <= c <= "\udfff" for c in line) else line


def _ask_lines(assistant: Assistant, lines: Iterable[bytes]) -> int:
    states: dict[str, State] = {}
    failed = False
    for identity, text, conversation, wrong in read_requests(lines):
        if wrong is not None or text is None:
            result = error_object(wrong or "", identity)
            failed = True
        else:
            reply = assistant.reply(text, states.get(conversation) if conversation else None)
            if conversation:
                states[conversation] = reply.state
            result = to_contract(reply, identity)
        print(_as_line(result), flush=True)
    return FAILED if failed else OK


def _ask(assistant: Assistant, args: argparse.Namespace, folder: Path) -> int:
    if args.jsonl == "-":
        return _ask_lines(assistant, sys.stdin.buffer)
    if args.jsonl:
        try:
            with open(args.jsonl, "rb") as lines:
                return _ask_lines(assistant, lines)
        except OSError as error:
            print(refused(error), file=sys.stderr)
            return USAGE
    memory = folder / "terminal.json"
    states = _remembered(memory) if args.conversation else {}
    reply = assistant.reply(args.question, states.get(args.conversation) if args.conversation else None, time.time())
    print(json.dumps(to_contract(reply), ensure_ascii=False) if args.json else reply.answer.text)
    if args.conversation:
        try:
            _remember(memory, {**states, args.conversation: reply.state})
        except OSError as error:
            print(f"Không nhớ được cuộc trò chuyện. {refused(error)}", file=sys.stderr)
            return USAGE
    return OK


def _remember(memory: Path, states: Mapping[str, State]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: state.to_json() for name, state in states.items()}
    temporary = memory.with_suffix(".new")
    temporary.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    temporary.replace(memory)


def _remembered(memory: Path) -> dict[str, State]:
    """Conversations of earlier ``ask --conversation`` calls; a file or a conversation that cannot be read counts as none."""
    try:
        kept = dict(json.loads(memory.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return {}
    states = {}
    for name, values in kept.items():
        with suppress(KeyError, TypeError, ValueError):
            states[name] = State.from_json(values)
    return states


def _chat(assistant: Assistant) -> int:
    print("Anh/chị gõ câu hỏi; dòng trống hoặc Ctrl+D để dừng.", file=sys.stderr)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    state = State()
    while True:
        print("> ", end="", file=sys.stderr, flush=True)
        try:
            line = input()
        except (EOFError, KeyboardInterrupt):
            return OK
        if not line.strip():
            return OK
        reply = assistant.reply(line, state, time.time())
        state = reply.state
        print(reply.answer.text, flush=True)


def open_assistant(settings: Settings) -> Assistant:
    """An assistant over the published index, without loading what only a server needs.

    Raises:
        IndexUnusable, EncoderError: it cannot be used; the message says what to do.
    """
    from bot.pipeline import Assistant
    from knowledge.encoding import make_encoder
    from knowledge.search.ranking import load_ranking
    from knowledge.store import open_index
    from knowledge.vectors.choosing import vector_server

    return Assistant(open_index(settings.index_dir, make_encoder(settings), load_ranking(), vector_server(settings)), settings.today)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 answered or declined; 1 a bad line in a file; 2 unusable arguments or settings; 3 no usable index."""
    args = _parser().parse_args(argv)
    if args.command == "ask" and (args.question is None) == (args.jsonl is None):
        print("Cần đúng một trong hai: một câu hỏi, hoặc --jsonl TỆP.", file=sys.stderr)
        return USAGE
    if args.command == "admin-password":
        from bot.admin.passwords import admin_password

        return admin_password(args.name)
    try:
        settings = load_settings()
        if args.command == "serve":
            from bot.serve import serve
            from config.logging import set_up_logging

            set_up_logging(settings.log_level, settings.secrets(), settings.log_format)
            for warning in unknown_variables():
                log.warning("Biến môi trường %s", warning)
            if settings.today is not None:
                log.warning("BOT_TODAY đang đặt: mọi câu trả lời là cho ngày %s. Khi chạy thật phải bỏ biến này", settings.today)
            return serve(settings)
        if args.command == "zalo-authorise":
            from bot.channels.zalo_oa.command import zalo_authorise

            return zalo_authorise(settings)
        if args.command in MAINTENANCE:
            from bot import maintenance

            match args.command:
                case "backup":
                    return maintenance.back_up(settings, args.target)
                case "change-key":
                    return maintenance.change_key(settings, args.old)
            return maintenance.import_database(settings, args.source)
        if args.command == "ask" and args.today:
            settings = settings.model_copy(update={"today": args.today})
        assistant = open_assistant(settings)
        return _ask(assistant, args, settings.data_dir) if args.command == "ask" else _chat(assistant)
    except WrongSettings as error:
        print(error, file=sys.stderr)
        return USAGE
    except (IndexUnusable, EncoderError, RankingError) as error:
        print(error, file=sys.stderr)
        return NO_INDEX
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except OSError as error:
        print(refused(error), file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("Đã dừng.", file=sys.stderr)
        return STOPPED


if __name__ == "__main__":
    sys.exit(main())
