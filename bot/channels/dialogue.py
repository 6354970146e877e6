"""From an incoming message of any channel to what answers it and what that changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.channels import wording
from bot.channels.base import Connector, IncomingMessage, Kind, OutgoingMessage
from bot.channels.buttons import choice_rows, chosen_option, chosen_province, province_rows
from bot.channels.links import entry_of
from bot.service import Act, AnswerService, Considered, Loaded, choose, say
from bot.storage import Turn
from bot.types import Answer, Forget, Option, Outcome, Reply, State
from bot.understanding.phrases import COMMANDS
from bot.wording import HELP, OUTCOMES


@dataclass(frozen=True)
class Told:
    """What to send, and what the turn changes (without the messages)."""

    messages: tuple[OutgoingMessage, ...]
    turn: Turn


class Dialogue:
    """Conversations of one channel."""

    def __init__(self, service: AnswerService, connector: Connector) -> None:
        self._service, self._connector, self._channel = service, connector, connector.name

    async def answer(self, message: IncomingMessage) -> Told:
        """What a message is answered with; stores nothing but what staff said.

        Raises:
            StorageError: what is known of the conversation could not be read.
        """
        match message.kind:
            case Kind.STAFF:
                await self._service.desk.staff_wrote(self._channel, message.key, message.content, message.destination)
                return Told((), Turn(self._channel, message.key))
            case Kind.WITHDRAW:
                return Told((), Turn(self._channel, message.key, effects=(Forget(),)))
        fixed = self._fixed(message)
        if fixed is not None:
            return Told((fixed,), Turn(self._channel, message.key))
        text = message.content if message.kind is Kind.TEXT else ""
        considered = await self._service.consider(self._channel, message.key, self._act(message), text=text, address=message.destination)
        return self._told(considered, message)

    def _told(self, considered: Considered, message: IncomingMessage) -> Told:
        reply = considered.reply
        if reply is None:
            return Told((), considered.turn)
        text = reply.answer.text
        # In a group everybody reads along: a link continues about the same record in private.
        link = self._connector.link_to(reply.answer.items[0].id) if message.quote and reply.answer.items else None
        if link:
            text = f"{text}\n{wording.IN_PRIVATE.format(link=link)}"
        return Told((OutgoingMessage(text, choice_rows(reply.state) if _offers(reply.answer) else ()),), considered.turn)

    def _fixed(self, message: IncomingMessage) -> OutgoingMessage | None:
        """Answers that need no turn."""
        greeting = OutgoingMessage(OUTCOMES[Outcome.GREETING].format(help=HELP) + "\n\n" + wording.COMMAND_LIST)
        if message.kind is Kind.OTHER:
            return OutgoingMessage(wording.TEXT_ONLY)
        if message.kind is Kind.FOLLOW:
            return OutgoingMessage(OUTCOMES[Outcome.GREETING].format(help=HELP))
        if message.kind is not Kind.COMMAND:
            return None
        match message.content:
            case "start":
                return None if self._linked(message) else greeting
            case "help":
                return OutgoingMessage(HELP + "\n\n" + wording.COMMAND_LIST)
            case "tinh":
                loaded = self._service.loaded
                return OutgoingMessage(wording.CHOOSE_PROVINCE, province_rows(loaded.provinces if loaded else ()))
            case "vanban":
                return None
        # What a command means everywhere (/xoa, /canbo, /menu …) the core knows.
        return None if message.content in COMMANDS else OutgoingMessage(wording.UNKNOWN_COMMAND)

    def _linked(self, message: IncomingMessage) -> str | None:
        """The record that a link opened the chat for, none where there is no such record."""
        entry, loaded = entry_of(message.argument), self._service.loaded
        known = entry is not None and loaded is not None and (loaded.entry_ids is None or entry in loaded.entry_ids)
        return entry if known else None

    def _act(self, message: IncomingMessage) -> Act:
        if message.kind is Kind.BUTTON:
            return _press(message.content)
        if message.kind is Kind.COMMAND:
            match message.content:
                case "start":
                    return choose(Option(message.argument, self._linked(message)))
                case "vanban":
                    return _offer_plans
            return self._service.ask(f"/{message.content}")
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
        return say(Outcome.STALE_CHOICE, state) if option is None else choose(option)(loaded, state)

    return act


def _offer_plans(loaded: Loaded, state: State) -> Reply:
    if not loaded.plans:
        return Reply(Answer(Outcome.NOT_KNOWN, wording.NO_PLANS), state)
    lines = [wording.CHOOSE_PLAN, *(f"{i}. {o.label}" for i, o in enumerate(loaded.plans, 1))]
    answer = Answer(Outcome.WHICH_RECORD, "\n".join(lines), options=loaded.plans)
    return Reply(answer, replace(state, options=loaded.plans, followups=()))
