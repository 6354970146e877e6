"""Answers as responses to requests, given once however often a request is sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.service import Act, AnswerService, say
from bot.storage import LeaseLost, StorageError, Told
from bot.types import Outcome, Reply, State

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that an answer waits to be stored. A database that others hold for longer must not keep people waiting."""

Shape = Callable[[Reply], Mapping[str, Any]]
"""From a reply to the JSON-able answer of an interface."""


@dataclass(frozen=True)
class Response:
    """What to answer; ``failed``: the program could not find an answer at all."""

    answer: Mapping[str, Any]
    failed: bool = False


class Responder:
    """Turns of one web channel."""

    def __init__(self, service: AnswerService, channel: str) -> None:
        self._service, self._channel = service, channel

    async def respond(self, key: str, act: Act, shape: Shape, *, text: str = "", message: str | None = None) -> Response:
        """Answer a message, or give the answer it has been given before. A failure is not remembered: sending again tries again.

        Args:
            key: the conversation.
            act: what is asked.
            shape: makes the answer to be sent.
            text: what the person wrote, for the question log and for staff.
            message: the sender's own id of the message; none: it counts each time.
        """
        async with self._service.lock(self._channel, key):
            known = await self._known(key, message)
            if known is not None:
                return known
            considered = await self._service.consider_anyway(self._channel, key, act, text=text)
            reply = considered.reply or say(Outcome.WITH_STAFF, State())
            answer = shape(reply)
            failed = reply.answer.outcome is Outcome.FAILED
            turn = considered.turn if message is None or failed else replace(considered.turn, told=Told(message, answer))
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._service.complete(turn)
            except TimeoutError:
                log.error("Cơ sở dữ liệu bận quá %.0f giây, trả lời mà chưa lưu cuộc trò chuyện (kênh %s)", PATIENCE, self._channel)
            except LeaseLost:
                return await self._known(key, message) or Response(answer, failed)
            except StorageError as error:
                log.error("Không lưu được cuộc trò chuyện (kênh %s): %s", self._channel, error)
            return Response(answer, failed)

    async def _known(self, key: str, message: str | None) -> Response | None:
        if message is None:
            return None
        try:
            found = await self._service.storage.replies.find(self._channel, key, message)
        except StorageError as error:
            log.error("Không tra được tin đã trả lời (kênh %s): %s", self._channel, error)
            return None
        return None if found is None else Response(found)
