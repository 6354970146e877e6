"""Command line of the index builder. Messages for operators go to stderr, results to stdout."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from config.console import Parser, day, refused
from knowledge.loading import DATA, InvalidKnowledge

USAGE, FAILED = 2, 1
STOPPED = 130
"""As a shell says it of a command that was stopped with Ctrl+C."""


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m index_builder", description="Từ dữ liệu tri thức đến chỉ mục.")
    parser.add_argument("--data", type=Path, default=None, help="thư mục dữ liệu tri thức (mặc định lấy từ cấu hình BOT_KNOWLEDGE_DIR)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="LỆNH")

    build = commands.add_parser("build", help="dựng chỉ mục nếu dữ liệu đã đổi")
    build.add_argument("--index", type=Path, default=None, help="thư mục chỉ mục (mặc định lấy từ cấu hình BOT_INDEX_DIR)")
    build.add_argument("--force", action="store_true", help="dựng lại dù dữ liệu không đổi")
    build.add_argument("--quiet", action="store_true", help="không hiện thanh tiến độ")

    check = commands.add_parser("check", help="kiểm tra dữ liệu, nêu lỗi và những gì cần xem lại")
    check.add_argument("--today", type=day, default=None, metavar="NGÀY", help="ngày xét, dạng 2026-11-21")
    check.add_argument("--all", action="store_true", help="hiện mọi nhận xét, không chỉ 20 mục đầu mỗi loại")

    catalogue = commands.add_parser("import-catalogue", help="nhập danh mục thủ tục từ tệp xuất của Cổng Dịch vụ công quốc gia")
    catalogue.add_argument("files", nargs="+", type=Path, metavar="TỆP")
    catalogue.add_argument("--today", type=day, default=None, metavar="NGÀY", help="ngày nhập, dạng 2026-11-21")

    new = commands.add_parser("new", help="tạo một tệp mẫu có chú thích để điền")
    new.add_argument("kind", choices=["procedure", "plan", "guide", "office"])
    new.add_argument("id", help="mã của bản ghi: chữ thường không dấu, chữ số, gạch nối")

    draft = commands.add_parser("draft", help="đọc một văn bản (docx, pdf, html, md, txt) và viết bản thảo bản ghi kế hoạch để người duyệt")
    draft.add_argument("file", type=Path, metavar="TỆP")
    draft.add_argument("--id", default=None, help="mã của bản ghi (mặc định: tỉnh và năm)")
    draft.add_argument("-o", "--output", type=Path, default=None, metavar="THƯ_MỤC", help="nơi ghi (mặc định: plans của thư mục dữ liệu)")

    add = commands.add_parser("add", help="giữ bản gốc của một văn bản và cắt thành đoạn để tra cứu, trích dẫn; cùng mã thì thay bản cũ")
    add.add_argument("file", type=Path, metavar="TỆP")
    add.add_argument("--plan", default=None, metavar="MÃ", help="mã kế hoạch mà đây là bản gốc (mặc định: tìm theo số và tỉnh)")
    add.add_argument("--id", default=None, help="mã để giữ (mặc định: mã kế hoạch, hoặc theo tên tệp)")

    remove = commands.add_parser("remove", help="bỏ một văn bản đã thêm bằng add")
    remove.add_argument("id", help="mã của văn bản")

    train = commands.add_parser("train", help="huấn luyện bộ mã hóa và xếp hạng từ dữ liệu hiện có")
    train.add_argument("corpora", nargs="*", type=Path, metavar="TỆP", help="trang thủ tục, điều luật, bách khoa (jsonl hoặc jsonl.gz)")
    train.add_argument("--keep-encoder", action="store_true", help="giữ bộ mã hóa đang dùng, chỉ học lại xếp hạng và ngưỡng")
    train.add_argument("--calibration-only", action="store_true", help="chỉ học lại ngưỡng tin cậy (sau khi sửa out_of_scope.yaml)")
    train.add_argument("--aspects-only", action="store_true", help="chỉ học lại trọng số của aspects.yaml và ngưỡng tin cậy")
    return parser


def _build(args: argparse.Namespace) -> int:
    from config.settings import WrongSettings, load_settings
    from index_builder.build import build
    from knowledge.encoding import EncoderError, make_encoder
    from knowledge.vectors import VectorsUnavailable
    from knowledge.vectors.choosing import vector_server

    try:
        settings = load_settings()
        root = args.index or settings.index_dir
        done = build(root, make_encoder(settings), args.data, force=args.force, quiet=args.quiet, server=vector_server(settings))
    except WrongSettings as error:
        print(error, file=sys.stderr)
        return USAGE
    except (InvalidKnowledge, EncoderError, VectorsUnavailable) as error:
        print(error, file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"Không ghi được chỉ mục vào {root}, chỉ mục đang dùng giữ nguyên. {refused(error)}", file=sys.stderr)
        return FAILED
    state = "đã đúng với dữ liệu, không dựng lại" if done.unchanged else "đã dựng xong"
    print(f"Chỉ mục {state}: {done.folder} ({done.entries} bản ghi, {done.lines} dòng).", file=sys.stderr)
    return 0


def _check(args: argparse.Namespace) -> int:
    from knowledge.reviewing import check

    problems, remarks = check(args.data, args.today or dt.date.today())
    for problem in problems:
        print(f"LỖI  {problem}")
    labels = {"stale": "QUÁ HẠN", "review": "SẮP ĐẾN HẠN", "dangling": "TRỎ VÀO CHỖ TRỐNG", "unsure": "CHƯA CHẮC"}
    for kind, label in labels.items():
        rows = [r for r in remarks if r.kind == kind]
        shown = rows if args.all else rows[:20]
        for remark in shown:
            print(f"{label}  {remark.record}: {remark.message}")
        if len(rows) > len(shown):
            print(f"{label}  … và {len(rows) - len(shown)} mục nữa (thêm --all để xem hết)")
    counts = Counter(r.kind for r in remarks)
    summary = ", ".join(f"{counts[k]} {label.lower()}" for k, label in labels.items())
    print(f"Tổng: {len(problems)} lỗi, {summary}.", file=sys.stderr)
    return FAILED if problems else 0


def _import(args: argparse.Namespace) -> int:
    from index_builder.catalogue.importing import import_catalogue
    from index_builder.catalogue.need import load_field_weights
    from index_builder.catalogue.reading import UnreadableExport

    folder = args.data / "procedures"
    try:
        weights = load_field_weights(folder / "need.yaml")
        report = import_catalogue(args.files, folder / "catalogue.jsonl", weights, args.today or dt.date.today())
    except (UnreadableExport, OSError) as error:
        why = refused(error) if isinstance(error, OSError) else error
        print(f"Không nhập được, danh mục cũ giữ nguyên: {why}", file=sys.stderr)
        return FAILED
    for label, codes in (("mới", report.added), ("đổi", report.changed), ("không còn trong danh mục", report.gone)):
        print(f"{len(codes)} {label}{': ' + ', '.join(codes[:30]) if codes and len(codes) < 1000 else ''}")
    for conflict in report.conflicts:
        print(f"MÂU THUẪN  {conflict}")
    return 0


def _new(args: argparse.Namespace) -> int:
    from index_builder.new import CannotCreate, create

    try:
        path = create(args.kind, args.id, args.data, dt.date.today())
    except CannotCreate as error:
        print(error, file=sys.stderr)
        return USAGE
    print(f"Đã tạo {path}. Điền xong, chạy: python -m index_builder check", file=sys.stderr)
    return 0


def _draft(args: argparse.Namespace) -> int:
    from index_builder.documents.drafting import CannotDraft, draft_file
    from index_builder.documents.overview import overview
    from index_builder.documents.reading import DocumentError

    try:
        done = draft_file(args.file, args.data, dt.date.today(), args.id, args.output, progress=True)
    except CannotDraft as error:
        print(error, file=sys.stderr)
        return USAGE
    except DocumentError as error:
        print(error, file=sys.stderr)
        return FAILED
    print(overview(done.draft))
    print(f"Đã ghi {done.path}, có {done.marks} chỗ cần xem lại (dòng “# review:”). Xem và sửa xong thì xóa các dòng ấy,", file=sys.stderr)
    print("rồi chạy: python -m index_builder check", file=sys.stderr)
    return 0


def _add(args: argparse.Namespace) -> int:
    from index_builder.documents.adding import CannotAdd, add_file
    from index_builder.documents.reading import DocumentError

    try:
        done = add_file(args.file, args.data, dt.date.today(), plan=args.plan, name=args.id, progress=True)
    except CannotAdd as error:
        print(error, file=sys.stderr)
        return USAGE
    except DocumentError as error:
        print(error, file=sys.stderr)
        return FAILED
    kept = done.original
    state = "đã có, không đổi" if done.unchanged else "đã thay bản cũ" if done.replaced else "đã thêm"
    print(f"{kept.id}: {state}; {len(kept.passages)} đoạn, {f'{kept.pages} trang, ' if kept.pages else ''}{kept.name}")
    for note in kept.notes:
        print(f"  lưu ý: {note}")
    print("Chạy tiếp: python -m index_builder build", file=sys.stderr)
    return 0


def _remove(args: argparse.Namespace) -> int:
    from index_builder.documents.adding import CannotAdd, remove

    try:
        remove(args.id, args.data)
    except CannotAdd as error:
        print(error, file=sys.stderr)
        return USAGE
    print(f"{args.id}: đã bỏ. Chạy tiếp: python -m index_builder build", file=sys.stderr)
    return 0


def _data_folder() -> Path:
    """The data folder of this deployment; the one that comes with the program where nothing is set.

    Raises:
        WrongSettings: the settings cannot be used.
    """
    from config.settings import load_settings

    settings = load_settings()
    return settings.knowledge_dir if "knowledge_dir" in settings.model_fields_set else DATA


def _train(args: argparse.Namespace) -> int:
    from index_builder.train import relearn, train

    missing = [str(p) for p in args.corpora if not p.is_file()]
    if missing:
        print(f"Không thấy tệp: {', '.join(missing)}", file=sys.stderr)
        return USAGE
    try:
        if args.calibration_only or args.aspects_only:
            relearn(data=args.data, aspects=args.aspects_only)
        else:
            train(args.corpora, data=args.data, keep_encoder=args.keep_encoder)
    except FileNotFoundError as error:
        print(f"Chưa có lần huấn luyện nào ở đây ({error.filename}); chạy train đầy đủ trước.", file=sys.stderr)
        return FAILED
    except InvalidKnowledge as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    from config.settings import WrongSettings

    args = _parser().parse_args(argv)
    try:
        args.data = args.data or _data_folder()
    except WrongSettings as error:
        print(error, file=sys.stderr)
        return USAGE
    try:
        return _COMMANDS[args.command](args)
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except OSError as error:
        print(refused(error), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nĐã dừng.", file=sys.stderr)
        return STOPPED


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "check": _check,
    "import-catalogue": _import,
    "new": _new,
    "draft": _draft,
    "add": _add,
    "remove": _remove,
    "train": _train,
}


if __name__ == "__main__":
    sys.exit(main())
