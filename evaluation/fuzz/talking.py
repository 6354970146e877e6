"""Messages and stored states put to the assistant itself."""

from __future__ import annotations

import json
import random

from bot.contract import to_contract
from bot.pipeline import Assistant
from bot.types import Option, Outcome, State, Status
from evaluation.fuzz.mutating import mutated
from evaluation.fuzz.tally import Tally
from evaluation.fuzz.words import text

_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\x00\x1b")
_STATE = State(
    "Tiền Giang",
    "đăng ký khai sinh ở đâu",
    "procedure/1.001193",
    options=(Option("Đăng ký khai sinh", entry="procedure/1.001193"), Option("Tiền Giang", province="Tiền Giang")),
    followups=(Option("Lệ phí", entry="procedure/1.001193"),),
    others=("procedure/1.000894",),
    at=1_790_000_000,
).to_json()


def converse(assistant: Assistant, chance: random.Random, tally: Tally, turns: int = 4) -> None:
    """A conversation of hostile messages; each answer's state must come back whole from storage."""
    state, said = State(), []
    for _ in range(turns):
        said.append(text(chance))
        state = _reply(assistant, said[-1], state, tally, "trò chuyện", repr(said))


def remember(assistant: Assistant, chance: random.Random, tally: Tally) -> None:
    """A stored state that was changed: it is refused as such, or usable."""
    stored = json.dumps(mutated(_STATE, chance))
    try:
        state = State.from_json(json.loads(stored))
    except (KeyError, TypeError, ValueError, IndexError):
        tally.note("trạng thái", "refused", ok=True)
        return
    message = chance.choice(("1", "lệ phí", "không phải", "gặp cán bộ", text(chance)))
    _reply(assistant, message, state, tally, "trạng thái", f"{stored} {message!r}")


def _reply(assistant: Assistant, message: str, state: State, tally: Tally, target: str, about: str) -> State:
    try:
        reply = assistant.reply(message, state)
        json.dumps(to_contract(reply))
        back = State.from_json(json.loads(json.dumps(reply.state.to_json())))
    except Exception as error:  # this is what is looked for
        tally.note(target, type(error).__name__, ok=False, about=f"{error} {about}")
        return State()
    answer = reply.answer
    hidden = _HIDDEN & set(answer.text)
    rests = answer.status is not Status.ANSWERED or bool(answer.items)
    ok = back == reply.state and bool(answer.text.strip()) and answer.outcome is not Outcome.FAILED and not hidden and rests
    tally.note(target, answer.status.value, ok=ok, about=about)
    return back
