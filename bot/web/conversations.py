"""What belongs to a conversation beside its turns: what is remembered, opinions on answers, letters of staff, erasure."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from bot.service import AnswerService
from bot.storage import Turn
from bot.types import Feedback
from bot.web.limiting import RateLimits
from bot.web.shapes import ConversationId, ConversationObject, ErrorObject, LettersObject, NewConversation, Opinion

Conversation = Annotated[ConversationId, Path()]
After = Annotated[int, Query(ge=0, le=2**53)]


def make_conversations(service: AnswerService, limits: RateLimits, prefix: str, channel: str) -> APIRouter:
    """The routes under ``prefix``, for the conversations of ``channel``."""
    storage = service.storage
    errors: dict[int | str, dict[str, Any]] = {s: {"model": ErrorObject} for s in (422, 429)}
    router = APIRouter(prefix=prefix, tags=["Cuộc trò chuyện"], responses=errors)

    @router.post("/conversations", status_code=201, response_model=NewConversation, summary="Bắt đầu cuộc trò chuyện")
    async def begin(request: Request) -> JSONResponse:
        """A fresh name that nobody can guess. Nothing is stored before the first question."""
        limits.check(request)
        return JSONResponse({"conversation": secrets.token_hex(16)}, 201)

    @router.get("/conversations/{conversation}", response_model=ConversationObject, summary="Bot đang nhớ gì")
    async def remembered(request: Request, conversation: Conversation) -> JSONResponse:
        limits.check(request)
        state = await storage.conversations.load(channel, conversation)
        case = await service.desk.case(channel, conversation)
        options = [option.label for option in state.options]
        told = {"conversation": conversation, "province": state.province, "entry": state.entry, "options": options}
        return JSONResponse({**told, "with_staff": case is not None})

    @router.get("/conversations/{conversation}/messages", response_model=LettersObject, summary="Tin của cán bộ")
    async def letters(request: Request, conversation: Conversation, after: After = 0) -> JSONResponse:
        """What staff have written since the message with the id `after`. Ask every few seconds while `open`."""
        limits.check(request)
        found = await storage.hand_overs.letters(channel, conversation, after)
        told = [{"id": letter.id, "text": letter.text, "at": letter.at} for letter in found.letters]
        position = found.case.position if found.case else None
        return JSONResponse({"open": found.case is not None, "position": position, "messages": told})

    @router.delete("/conversations/{conversation}", status_code=204, summary="Xóa cuộc trò chuyện")
    async def forget(request: Request, conversation: Conversation) -> Response:
        """Erase all that is kept about a conversation."""
        limits.check(request)
        await service.forget(channel, conversation)
        return Response(status_code=204)

    @router.post("/feedback", status_code=204, summary="Góp ý về câu trả lời")
    async def feedback(request: Request, opinion: Opinion) -> Response:
        """An opinion on an answer, for the staff who keep the knowledge."""
        limits.check(request, opinion.conversation)
        given = Feedback(opinion.good, opinion.reason, opinion.entry, opinion.question)
        await service.complete(Turn(channel, opinion.conversation, effects=(given,)))
        return Response(status_code=204)

    return router
