"""Working on an event of the inbox: the dialogue's answer becomes messages in the outbox, all in one transaction."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from bot.channels.base import Connector, IncomingMessage, Kind, OutgoingMessage
from bot.channels.dialogue import Dialogue, Told
from bot.channels.messages import from_json
from bot.channels.sending import backoff
from bot.channels.splitting import split
from bot.often import Often
from bot.service import AnswerService
from bot.storage import Event, LeaseLost, Part, StorageError, Turn
from bot.storage.inbox import Inbox
from bot.types import Outcome
from bot.wording import LATE, OUTCOMES

log = logging.getLogger(__name__)

_TYPING_AFTER, _TYPING_AGAIN = 0.7, 4.5
"""Seconds until "đang nhập" is shown (most answers are there sooner), and until it has faded and is shown again."""
_LIMITED = (Kind.TEXT, Kind.BUTTON, Kind.OTHER)


class Worker:
    """Works on events. One a process."""

    def __init__(
        self,
        service: AnswerService,
        inbox: Inbox,
        connectors: Mapping[str, Connector],
        *,
        late_after: float,
        a_minute: int,
        first_retry: float,
    ) -> None:
        """
        Args:
            service: answers, and stores what that changes.
            inbox: where events go back to that could not be worked on.
            connectors: by channel.
            late_after: seconds after which an answer begins with an apology.
            a_minute: messages of one person a minute; those above it are not answered, which the first one is told.
            first_retry: seconds before the second attempt.
        """
        self._service, self._inbox, self._connectors = service, inbox, connectors
        self._dialogues = {name: Dialogue(service, connector) for name, connector in connectors.items()}
        self._late_after, self._first_retry = late_after, first_retry
        self._often, self._told_so = Often(a_minute), Often(1)

    async def work(self, event: Event) -> None:
        """Answer an event, or give it back for another attempt.

        Raises:
            StorageError: neither could be stored; its lease ends by itself.
        """
        try:
            message = from_json(event.payload)
            told = await self._told(event, message)
            parts = self._parts(event, message, told.messages)
            await self._service.complete(replace(told.turn, parts=parts), event)
        except LeaseLost:
            log.warning("Một tin kênh %s đã được tiến trình khác trả lời", event.channel)
        except StorageError as error:
            log.error("Cơ sở dữ liệu lỗi khi trả lời (kênh %s): %s", event.channel, error)
            await self._inbox.postpone(event, backoff(event.attempt, self._first_retry), counts=False)
        except Exception:
            log.exception("Lỗi khi xử lý tin (kênh %s, lần %d)", event.channel, event.attempt)
            await self._inbox.postpone(event, backoff(event.attempt, self._first_retry))

    async def _told(self, event: Event, message: IncomingMessage) -> Told:
        nothing = Turn(event.channel, message.key)
        if event.exhausted:
            log.error("Bỏ tin %s kênh %s: %d lần trước đều không xong", event.event_id, event.channel, event.attempt - 1)
            return Told((OutgoingMessage(OUTCOMES[Outcome.FAILED]),), nothing)
        who = event.channel, message.key
        if message.kind in _LIMITED and not self._often.may(who):
            return Told((OutgoingMessage(OUTCOMES[Outcome.TOO_FAST]),) if self._told_so.may(who) else (), nothing)
        typing = asyncio.create_task(self._keep_typing(self._connectors[event.channel], message.destination))
        try:
            told = await self._dialogues[event.channel].answer(message)
        finally:
            typing.cancel()
        if told.messages and message.kind is Kind.TEXT and time.time() - event.received_at > self._late_after:
            first_message = told.messages[0]
            late = replace(first_message, text=f"{LATE}\n\n{first_message.text}")
            return replace(told, messages=(late, *told.messages[1:]))
        return told

    def _parts(self, event: Event, message: IncomingMessage, messages: tuple[OutgoingMessage, ...]) -> tuple[Part, ...]:
        """Messages cut to the channel's length, the buttons under the last piece, the first one quoting."""
        parts: list[Part] = []
        for outgoing in messages:
            pieces = split(outgoing.text, self._connectors[event.channel].part_length)
            rows = tuple(tuple((button.label, button.token) for button in row) for row in outgoing.rows)
            parts += [Part(message.destination, piece, carried=event.payload.get("carried", {})) for piece in pieces]
            if pieces:
                parts[-1] = replace(parts[-1], rows=rows)
        if parts:
            parts[0] = replace(parts[0], quote=message.quote)
        return tuple(parts)

    async def _keep_typing(self, connector: Connector, address: str) -> None:
        await asyncio.sleep(_TYPING_AFTER)
        while True:
            with suppress(Exception):
                await connector.show_typing(address)
            await asyncio.sleep(_TYPING_AGAIN)
