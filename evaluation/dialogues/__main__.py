"""Long dialogues, judged turn by turn.

    python -m evaluation.dialogues [--channel NAME] [--index DIR] [--set FILE]

On the core each dialogue runs once as written, once without tone marks, and once for every other way in which a turn is typed. On a
channel it runs once as written, and once more where something on offer is chosen: by the channel's button, else by number.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.assembly import describe
from bot.service import Loaded
from evaluation import commands
from evaluation.commands import asks_for_day, asks_for_index, command, opened
from evaluation.dialogues import channels, core
from evaluation.dialogues.judging import Run
from evaluation.dialogues.reading import SET, Dialogue, load_dialogues
from evaluation.imitations.stages import STAGES

CORE, ALL = "core", "all"


def _play(name: str, loaded: Loaded, dialogues: Sequence[Dialogue]) -> list[Run]:
    if name == CORE:
        return core.play(loaded.assistant, dialogues)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(channels.play(name, loaded, dialogues, Path(folder)))


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 every run passed; 1 one did not."""
    parser = command("dialogues", "Chấm hội thoại dài theo từng lượt, trên lõi hoặc qua một kênh.")
    asks_for_index(parser)
    asks_for_day(parser)
    parser.add_argument("--set", type=Path, default=SET, metavar="TỆP", help="bộ hội thoại")
    parser.add_argument("--channel", choices=(CORE, *STAGES, ALL), default=CORE, help="kênh để chơi hội thoại (mặc định: lõi)")
    args = parser.parse_args(argv)
    dialogues, assistant = load_dialogues(args.set), opened(args, args.today)
    loaded = describe(assistant.index, assistant, "evaluation")
    failed = 0
    print("channel            dialogues  runs  passed  seconds")
    for name in (CORE, *STAGES) if args.channel == ALL else (args.channel,):
        began = time.perf_counter()
        runs = _play(name, loaded, dialogues)
        wrong = [run for run in runs if run.faults]
        failed += len(wrong)
        print(f"{name:18} {len(dialogues):9} {len(runs):5} {len(runs) - len(wrong):7} {time.perf_counter() - began:8.1f}")
        for run in wrong:
            for number, found in run.faults.items():
                print(f"  {run.id} ({run.way}), lượt {number}: {'; '.join(found)}")
    return 1 if failed else 0


if __name__ == "__main__":
    commands.run(main)
