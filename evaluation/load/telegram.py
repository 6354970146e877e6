"""Telegram under load. Half of what fails is a gateway's error page, half 429 with a second to wait."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs

from bot.channels.telegram_webhook import PATH
from evaluation.load.service import BAD_GATEWAY, SECRET, Answer, Delivery, SlowService, number_of, said

TOKEN = "123456789:AAloadLOADloadLOADloadLOADloadLOAD01"
ME = {"id": 123456789, "is_bot": True, "first_name": "Hỏi đáp", "username": "HoiDapTaiBot"}
_TOO_MANY = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}


class SlowTelegram(SlowService):
    """See :class:`SlowService`."""

    name = "telegram"
    webhook = PATH
    registered = False
    """Whether the bot has told its address."""

    def settings(self, bot: str) -> dict[str, str]:
        """See :meth:`SlowService.settings`."""
        return telegram_settings(self.url, bot)

    def delivery(self, number: int, text: str) -> Delivery:
        """See :meth:`SlowService.delivery`."""
        person = number_of(number)
        body = json.dumps(message(number + 1, person, text)).encode()
        return Delivery(str(person), body, {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET})

    async def answer(self, path: str, body: bytes) -> Answer:
        """See :meth:`SlowService.answer`."""
        match path.rpartition("/")[2]:
            case "getMe":
                return said({"ok": True, "result": ME})
            case "sendMessage":
                data = parse_qs(body.decode())
                chat, text = data["chat_id"][0], data["text"][0]
                where = {"id": int(chat), "type": "private"}
                sent = {"message_id": 1, "date": int(time.time()), "chat": where, "from": ME, "text": text}
                return await self.take(chat, text, {"ok": True, "result": sent})
            case "setWebhook":
                self.registered = True
                return said({"ok": True, "result": True})
            case "sendChatAction" | "answerCallbackQuery" | "setMyCommands" | "deleteWebhook":
                return said({"ok": True, "result": True})
        return said({"ok": False, "error_code": 404, "description": "Not Found"}, 404)

    def failure(self, draw: float, person: str) -> Answer:
        """See :meth:`SlowService.failure`."""
        return BAD_GATEWAY if draw < 0.5 else said(_TOO_MANY, 429)


def telegram_settings(url: str, bot: str) -> dict[str, str]:
    """Settings by name without ``BOT_`` of a bot at the address ``bot``, with an imitation of Telegram at ``url``."""
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_BASE_URL": url,
        "TELEGRAM_WEBHOOK_URL": f"{bot}{PATH}",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_PER_SECOND": "1000",  # Telegram's own limit would make this a measurement of 25 messages a second
    }


def message(update: int, chat: int, text: str) -> dict[str, Any]:
    """An update as Telegram delivers it."""
    sender = {"id": chat, "is_bot": False, "first_name": "An"}
    where = {"id": chat, "type": "private", "first_name": "An"}
    return {"update_id": update, "message": {"message_id": update, "date": int(time.time()), "chat": where, "from": sender, "text": text}}
