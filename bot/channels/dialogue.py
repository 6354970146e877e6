"""From an incoming message of any channel to the message that answers it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.channels import wording
from bot.channels.base import IncomingMessage, Kind, OutgoingMessage
from bot.channels.buttons import choice_rows, chosen_option, chosen_province, province_rows
from bot.service import Act, AnswerService, Loaded, choose, say
from bot.types import Answer, Outcome, Reply, State
from bot.wording import HELP, OUTCOMES


class Dialogue:
    """Conversations of one channel."""

    def __init__(self, service: AnswerService, channel: str) -> None:
        self._service, self._channel = service, channel

    @asynccontextmanager
    async def turn(self, message: IncomingMessage) -> AsyncIterator[OutgoingMessage]:
        """Answer a message; the body sends the answer. Where it raises, the conversation stays as it was."""
        fixed = await self._fixed(message)
        if fixed is not None:
            yield fixed
            return
        async with self._service.turn(self._channel, message.key, self._act(message)) as reply:
            yield OutgoingMessage(reply.answer.text, choice_rows(reply.state) if _offers(reply.answer) else ())

    async def _fixed(self, message: IncomingMessage) -> OutgoingMessage | None:
        """Answers that need no turn."""
        if message.kind is Kind.OTHER:
            return OutgoingMessage(wording.TEXT_ONLY)
        if message.kind is not Kind.COMMAND:
            return None
        match message.content:
            case "start":
                return OutgoingMessage(OUTCOMES[Outcome.GREETING].format(help=HELP) + "\n\n" + wording.COMMAND_LIST)
            case "help":
                return OutgoingMessage(HELP + "\n\n" + wording.COMMAND_LIST)
            case "tinh":
                loaded = self._service.loaded
                return OutgoingMessage(wording.CHOOSE_PROVINCE, province_rows(loaded.provinces if loaded else ()))
            case "xoa":
                await self._service.forget(self._channel, message.key)
                return OutgoingMessage(OUTCOMES[Outcome.FORGOTTEN])
            case "vanban":
                return None
        return OutgoingMessage(wording.UNKNOWN_COMMAND)

    def _act(self, message: IncomingMessage) -> Act:
        if message.kind is Kind.BUTTON:
            return _press(message.content)
        if message.kind is Kind.COMMAND:
            return _offer_plans
        return self._service.ask(message.content)


def _offers(answer: Answer) -> bool:
    """Whether the choices in the state belong under this answer. A stale press or a failure leaves the state alone, and its
    choices stay under the message that offered them."""
    return bool(answer.options or answer.followups)


def _press(token: str) -> Act:
    def act(loaded: Loaded, state: State) -> Reply:
        province = chosen_province(token, loaded.provinces)
        if province is not None:
            return say(Outcome.PROVINCE_NOTED, replace(state, province=province, options=(), followups=()), province=province)
        option = chosen_option(token, state)
        if option is None:
            return Reply(Answer(Outcome.HELP, wording.STALE_BUTTON), state)
        return choose(option)(loaded, state)

    return act


def _offer_plans(loaded: Loaded, state: State) -> Reply:
    if not loaded.plans:
        return Reply(Answer(Outcome.NOT_KNOWN, wording.NO_PLANS), state)
    lines = [wording.CHOOSE_PLAN, *(f"{i}. {o.label}" for i, o in enumerate(loaded.plans, 1))]
    answer = Answer(Outcome.WHICH_RECORD, "\n".join(lines), options=loaded.plans)
    return Reply(answer, replace(state, options=loaded.plans, followups=()))
