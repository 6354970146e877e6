"""A bot of the Zalo Bot Platform under load. Of what fails, 45 % is a gateway's error page; 45 % ``ok: false`` with 500 under HTTP 200;
10 % is 429, which names no time: the bot waits for a minute, so the longest wait is about that.
"""

from __future__ import annotations

import json

from bot.channels.zalo_bot.receivers import PATH
from bot.channels.zalo_bot.receivers import SECRET as SECRET_HEADER
from evaluation.imitations.zalo_bot import TOKEN, FakeZaloBot
from evaluation.load.service import BAD_GATEWAY, SECRET, Answer, Delivery, Manners, SlowService, number_of, said


class SlowZaloBot(SlowService):
    """See :class:`SlowService`."""

    name = "zalo_bot"
    webhook = PATH

    def __init__(self, manners: Manners, seed: int) -> None:
        super().__init__(manners, seed)
        self._events = FakeZaloBot()

    def settings(self, bot: str) -> dict[str, str]:
        """See :meth:`SlowService.settings`."""
        return {
            "ZALO_BOT_TOKEN": TOKEN,
            "ZALO_BOT_BASE_URL": self.url,
            "ZALO_BOT_WEBHOOK_URL": f"https://{bot.partition('://')[2]}{PATH}",  # only told to the platform
            "ZALO_BOT_WEBHOOK_SECRET": SECRET,
            "ZALO_BOT_PER_SECOND": "1000",
        }

    def delivery(self, number: int, text: str) -> Delivery:
        """See :meth:`SlowService.delivery`."""
        person = f"c{number_of(number)}"
        body = json.dumps(self._events.event(user=person, text=text), ensure_ascii=False).encode()
        return Delivery(person, body, {"Content-Type": "application/json", SECRET_HEADER: SECRET})

    async def answer(self, path: str, body: bytes) -> Answer:
        """See :meth:`SlowService.answer`."""
        match path.rpartition("/")[2]:
            case "sendMessage":
                sent = json.loads(body)
                return await self.take(sent["chat_id"], sent["text"], {"ok": True, "result": {"message_id": "s", "date": 0}})
            case "setWebhook":
                return said({"ok": True, "result": {"verification": {"ok": True}}})
            case "sendChatAction" | "getMe" | "deleteWebhook":
                return said({"ok": True, "result": None})
        return said({"ok": False, "error_code": 404, "description": "Not Found"})

    def failure(self, draw: float, person: str) -> Answer:
        """See :meth:`SlowService.failure`."""
        if draw < 0.1:
            return said({"ok": False, "error_code": 429, "description": "Quota exceeded"}, 429)
        return said({"ok": False, "error_code": 500, "description": "Internal"}) if draw < 0.55 else BAD_GATEWAY
