"""Telegram's updates → incoming messages, and where their answers go. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.channels.base import IncomingMessage, Kind

RECEIVED = ("message", "callback_query")
"""Kinds of update asked for. Edited messages are not: the first wording has been answered, and an edit is not a new question."""


@dataclass(frozen=True)
class Target:
    """Where an answer goes: the chat, and the topic of a forum. Written ``-100123`` or ``-100123:7``."""

    chat: int
    thread: int | None = None

    def __str__(self) -> str:
        return str(self.chat) if self.thread is None else f"{self.chat}:{self.thread}"

    @property
    def group(self) -> bool:
        """Telegram gives groups and channels negative numbers."""
        return self.chat < 0

    @staticmethod
    def of(address: str) -> Target:
        """Inverse of ``str``; raises ``ValueError`` on anything else."""
        chat, _, thread = address.partition(":")
        return Target(int(chat), int(thread) if thread else None)


def incoming(update: Update, me: User) -> IncomingMessage | None:
    """What an update means to the bot ``me``; none for what it should leave alone: other people's talk in a group, edits, service
    notices, messages of bots."""
    if update.callback_query is not None:
        return _press(update)
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    group = message.chat.type != ChatType.PRIVATE
    address = str(Target(message.chat.id, message.message_thread_id if message.is_topic_message else None))
    quote = str(message.message_id) if group else None
    key = _key(message.chat.id, message.from_user.id, group)
    if not message.text:
        readable = message.effective_attachment is not None and not group
        return IncomingMessage(key, Kind.OTHER, address=address, quote=quote) if readable else None
    command, addressee, argument = _command(message)
    if command is not None:
        if addressee and addressee.casefold() != (me.username or "").casefold():
            return None
        return IncomingMessage(key, Kind.COMMAND, command, address, quote, argument)
    text = message.text
    if group:
        mentions = _mentions(message, me)
        answered = message.reply_to_message
        to_me = answered is not None and answered.from_user is not None and answered.from_user.id == me.id
        if not mentions and not to_me:
            return None
        for mention in mentions:
            text = text.replace(mention, " ")
    return IncomingMessage(key, Kind.TEXT, text, address, quote)


def _press(update: Update) -> IncomingMessage | None:
    query = update.callback_query
    # Without a message it is a button of an inline query, which this bot never sends.
    if query is None or query.message is None or query.data is None:
        return None
    chat = query.message.chat
    group = chat.type != ChatType.PRIVATE
    message = query.message
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    return IncomingMessage(_key(chat.id, query.from_user.id, group), Kind.BUTTON, query.data, str(Target(chat.id, thread)))


def _key(chat: int, user: int, group: bool) -> str:
    """Within a group each person has a conversation of their own."""
    return f"{chat}:{user}" if group else str(chat)


def _command(message: Message) -> tuple[str | None, str, str]:
    """``/tinh@TenBot xin chào`` → (``tinh``, ``TenBot``, ``xin chào``); (none, "", "") where the message does not begin with a
    command."""
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            whole = message.parse_entity(entity)
            name, _, addressee = whole[1:].partition("@")
            return name.lower(), addressee, (message.text or "")[len(whole) :].strip()
    return None, "", ""


def _mentions(message: Message, me: User) -> list[str]:
    """The pieces of text that name the bot."""
    handle = f"@{me.username}".casefold()
    found = []
    for entity, text in message.parse_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]).items():
        by_id = entity.user is not None and entity.user.id == me.id
        if by_id or text.casefold() == handle:
            found.append(text)
    return found
