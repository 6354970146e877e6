"""The three webhooks as their servers call them, with every kind of event, and as an attacker would."""

from __future__ import annotations

import hashlib
import json
import random
import time
from abc import ABC, abstractmethod
from typing import Any

from bot.channels.telegram_webhook import PATH as TELEGRAM_PATH
from bot.channels.zalo_bot.receivers import PATH as ZALO_BOT_PATH
from bot.channels.zalo_bot.receivers import SECRET as ZALO_BOT_HEADER
from bot.channels.zalo_oa.webhook import PATH as ZALO_OA_PATH
from bot.channels.zalo_oa.webhook import SIGNATURE, TIMESTAMP
from evaluation.load.service import SECRET

APP_ID, OA_ID = "1234567890123456789", "987654321"
APP_SECRET, OA_KEY, ZALO_BOT_SECRET = "fuzz-app-secret-00000000", "fuzz-oa-secret-key-00000", "fuzz-zalo-bot-secret-000"

Headers = dict[str, str]
_STICKER = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "type": "regular"} | dict.fromkeys(
    ("is_animated", "is_video"), False
)


class Webhook(ABC):
    """One channel. ``taken``: statuses that a body under the right secret may get; ``refused``: the one that a forgery gets."""

    name: str
    path: str
    taken: frozenset[int]
    refused: int

    @abstractmethod
    def event(self, chance: random.Random, person: int, number: int, text: str) -> dict[str, Any]:
        """An event as the channel's server writes it; ``person`` and ``number`` make it one of a kind."""

    @abstractmethod
    def message(self, person: int, number: int, text: str) -> dict[str, Any]:
        """A text message as the channel's server writes it."""

    @abstractmethod
    def genuine(self, body: bytes) -> Headers:
        """The headers that prove who delivers ``body``."""

    @abstractmethod
    def forged(self, body: bytes, chance: random.Random) -> tuple[bytes, Headers]:
        """The body and headers of somebody who does not know the secret."""


class _ByHeader(Webhook):
    """The secret itself comes in a header."""

    header: str
    secret: str

    def genuine(self, body: bytes) -> Headers:
        return {self.header: self.secret}

    def forged(self, body: bytes, chance: random.Random) -> tuple[bytes, Headers]:
        wrong = ("", self.secret[:-1], self.secret + "x", self.secret.upper(), "é" * 8, self.secret[::-1], "null", "\xa0" + self.secret)
        return body, chance.choice(({}, *({self.header: value} for value in wrong)))


class Telegram(_ByHeader):
    name, path, taken, refused = "telegram", TELEGRAM_PATH, frozenset((200, 400, 413)), 403
    header, secret = "X-Telegram-Bot-Api-Secret-Token", SECRET

    def message(self, person: int, number: int, text: str) -> dict[str, Any]:
        user = {"id": person, "is_bot": False, "first_name": "An"}
        chat = {"id": person, "type": "private", "first_name": "An"}
        inner = {"message_id": number, "date": int(time.time()), "chat": chat, "from": user, "text": text}
        return {"update_id": number, "message": inner}

    def event(self, chance: random.Random, person: int, number: int, text: str) -> dict[str, Any]:
        update = self.message(person, number, text)
        inner = update["message"]
        match chance.randrange(6):
            case 0:
                inner["entities"] = [{"type": chance.choice(("bot_command", "mention", "text_mention")), "offset": 0, "length": 5}]
                inner["text"] = "/xoa " + text
            case 1:
                query = {"id": str(number), "from": inner["from"], "chat_instance": "1", "message": inner, "data": "o:1:00000000"}
                return {"update_id": number, "callback_query": query}
            case 2:
                inner["chat"] = {"id": -100_000 - person, "type": "supergroup", "title": "x", "is_forum": True}
                inner |= {"message_thread_id": 7, "is_topic_message": True, "reply_to_message": dict(inner)}
            case 3:
                inner.pop("text")
                inner["sticker"] = _STICKER
            case 4:
                return {"update_id": number, chance.choice(("edited_message", "my_chat_member", "poll")): inner}
        return update


class ZaloBot(_ByHeader):
    name, path, taken, refused = "zalo_bot", ZALO_BOT_PATH, frozenset((200, 413)), 401
    header, secret = ZALO_BOT_HEADER, ZALO_BOT_SECRET

    def message(self, person: int, number: int, text: str) -> dict[str, Any]:
        who = {"id": str(person), "display_name": "An", "is_bot": False}
        chat = {"id": str(person), "chat_type": "PRIVATE"}
        inner = {"message_id": f"m{number}", "date": int(time.time() * 1000), "from": who, "chat": chat, "text": text}
        return {"event_name": "message.text.received", "message": inner}

    def event(self, chance: random.Random, person: int, number: int, text: str) -> dict[str, Any]:
        event = self.message(person, number, text)
        event["event_name"] = f"message.{chance.choice(('text', 'text', 'image', 'sticker', 'link', 'reaction'))}.received"
        return {"ok": True, "result": event} if chance.random() < 0.5 else event


class ZaloOa(Webhook):
    name, path, taken, refused = "zalo_oa", ZALO_OA_PATH, frozenset((200, 401, 413)), 401

    def message(self, person: int, number: int, text: str) -> dict[str, Any]:
        return self._base("user_send_text") | {
            "sender": {"id": str(person)}, "recipient": {"id": OA_ID}, "message": {"msg_id": f"m{number}", "text": text}
        }  # fmt: skip

    def event(self, chance: random.Random, person: int, number: int, text: str) -> dict[str, Any]:
        event = self.message(person, number, text)
        name = chance.choice(("user_send_text", "user_send_image", "user_send_location", "anonymous_send_text", "oa_send_text", "follow"))
        event["event_name"] = name
        if name == "anonymous_send_text":
            event["message"]["conversation_id"] = str(number)
        elif name == "oa_send_text":
            event |= {"sender": {"id": OA_ID, "admin_id": "9"}, "recipient": {"id": str(person)}}
        elif name == "follow":
            event = self._base(name) | {"oa_id": OA_ID, "follower": {"id": str(person)}}
        return event

    def genuine(self, body: bytes) -> Headers:
        """Signed over the body's own time where it can be read, else over a time in the header."""
        try:
            found = json.loads(body)
            stamp = str(found["timestamp"])
            stamp.encode("ascii")
        except (ValueError, KeyError, TypeError, RecursionError):
            stamp = str(int(time.time() * 1000))
            return {SIGNATURE: _signature(body, stamp, OA_KEY), TIMESTAMP: stamp}
        return {SIGNATURE: _signature(body, stamp, OA_KEY)}

    def forged(self, body: bytes, chance: random.Random) -> tuple[bytes, Headers]:
        stamp = str(int(time.time() * 1000))
        signature = _signature(body, stamp, OA_KEY)
        match chance.randrange(6):
            case 0:  # altered after it was signed
                return body + b" ", {SIGNATURE: signature, TIMESTAMP: stamp}
            case 1:  # the signature of another event
                return body, {SIGNATURE: _signature(body[:-1], stamp, OA_KEY), TIMESTAMP: stamp}
            case 2:
                return body, {SIGNATURE: _signature(body, stamp, APP_SECRET + "?"), TIMESTAMP: stamp}
            case 3:
                odd = ("", "mac=", "mac=" + "0" * 64, "é", signature[:-1], signature + "0")
                return body, {SIGNATURE: chance.choice(odd), TIMESTAMP: stamp}
            case 4:  # not salted with the key at all
                return body, {SIGNATURE: "mac=" + hashlib.sha256(body).hexdigest(), TIMESTAMP: stamp}
        flipped = "0" if signature[-1] != "0" else "1"
        return body, {SIGNATURE: signature[:-1] + flipped, TIMESTAMP: stamp}

    def _base(self, name: str) -> dict[str, Any]:
        return {"app_id": APP_ID, "event_name": name, "timestamp": str(int(time.time() * 1000)), "user_id_by_app": "1"}


def _signature(body: bytes, stamp: str, key: str) -> str:
    return "mac=" + hashlib.sha256(APP_ID.encode() + body + stamp.encode() + key.encode()).hexdigest()


WEBHOOKS: tuple[Webhook, ...] = (Telegram(), ZaloOa(), ZaloBot())
