"""A Zalo Official Account under load. Of what fails, 45 % is a gateway's error page; 45 % ``error: -200`` (not sent) under HTTP 200,
once a person, for twice means never; 10 % -32, the rate of the running minute: the bot waits for the next one, as the documentation
says, so the longest wait is about a minute.
"""

from __future__ import annotations

import json
import time

from bot.channels.zalo_oa.oauth import Pair
from bot.channels.zalo_oa.token_store import StoredTokens
from bot.channels.zalo_oa.webhook import PATH, SIGNATURE
from bot.storage import Storage
from evaluation.imitations.zalo_oa import APP_ID, APP_SECRET, OA_ID, SECRET_KEY, FakeZaloOa, signature_of
from evaluation.load.service import BAD_GATEWAY, Answer, Delivery, Manners, SlowService, number_of, said

_ACCESS = "access-of-the-load"
_LASTS = 25 * 3600.0


class SlowZaloOa(SlowService):
    """See :class:`SlowService`."""

    name = "zalo_oa"
    webhook = PATH

    def __init__(self, manners: Manners, seed: int) -> None:
        super().__init__(manners, seed)
        self._events = FakeZaloOa()
        self._not_sent: set[str] = set()

    def settings(self, bot: str) -> dict[str, str]:
        """See :meth:`SlowService.settings`."""
        return {
            "ZALO_OA_APP_ID": APP_ID,
            "ZALO_OA_ID": OA_ID,
            "ZALO_OA_APP_SECRET": APP_SECRET,
            "ZALO_OA_SECRET_KEY": SECRET_KEY,
            "ZALO_OA_API_URL": self.url,
            "ZALO_OA_OAUTH_URL": self.url,
            "ZALO_OA_PER_SECOND": "1000",
        }

    async def prepare(self, storage: Storage) -> None:
        """The pair of tokens that an administrator's authorisation would have left."""
        tokens = StoredTokens(storage.tokens, storage.leases, OA_ID, "load")
        await tokens.save(Pair(_ACCESS, "refresh-of-the-load", time.time() + _LASTS))

    def delivery(self, number: int, text: str) -> Delivery:
        """See :meth:`SlowService.delivery`."""
        person = str(number_of(number))
        event = self._events.text(text, person)
        body = json.dumps(event, ensure_ascii=False).encode()
        return Delivery(person, body, {"Content-Type": "application/json", SIGNATURE: f"mac={signature_of(body, event['timestamp'])}"})

    async def answer(self, path: str, body: bytes) -> Answer:
        """See :meth:`SlowService.answer`."""
        if not path.endswith("/message/cs"):
            return said({"error": -201, "message": "unexpected"})
        sent = json.loads(body)
        done = {"error": 0, "message": "Success", "data": {"message_id": "s", "quota": {"quota_type": "reply"}}}
        return await self.take(sent["recipient"]["user_id"], sent["message"]["text"], done)

    def failure(self, draw: float, person: str) -> Answer:
        """See :meth:`SlowService.failure`."""
        if draw < 0.1:
            return said({"error": -32, "message": "rate limit"})
        if draw < 0.55 and person not in self._not_sent:
            self._not_sent.add(person)
            return said({"error": -200, "message": "send failed"})
        return BAD_GATEWAY
