"""Answers as responses to requests, given once however often a request is sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.service import Act, AnswerService, say
from bot.storage import LeaseLost, Overtaken, StorageError, Told
from bot.types import Outcome, Reply, State

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that an answer waits to be stored. A database that others hold for longer must not keep people waiting."""

ATTEMPTS = 8
"""Times a turn is made, each on the state that another process has just left. That many processes cannot overtake it in a row."""

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
            for _ in range(ATTEMPTS):
                known = await self._known(key, message)
                if known is not None:
                    return known
                answered = await self._once(key, act, shape, text, message)
                if answered is not None:
                    return answered
            log.error("Cuộc trò chuyện bị ghi đè %d lần liền (kênh %s)", ATTEMPTS, self._channel)
            return Response(shape(say(Outcome.FAILED, State())), failed=True)

    async def _once(self, key: str, act: Act, shape: Shape, text: str, message: str | None) -> Response | None:
        """Make a turn and store it; none where another process has stored one meanwhile, so that nothing was."""
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
        except (Overtaken, LeaseLost):
            return None
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
