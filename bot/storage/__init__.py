"""What outlives a restart: one module a kind of thing, all reached through :class:`Storage`. SQLite by default, PostgreSQL by setting.

Nothing that a person wrote is kept longer than needed: an event's content goes when it is answered, the text of an answer when it is
sent, a conversation holds only its last question. What is kept of it beyond that is masked, and pruned (:mod:`bot.storage.retention`).
"""

from bot.storage.conversations import Conversations, Remembered
from bot.storage.curated import CuratedAnswer
from bot.storage.errors import LeaseLost, Overtaken, StorageError, named
from bot.storage.hand_overs import Case
from bot.storage.inbox import MOST_ATTEMPTS, Event, Inbox
from bot.storage.keys import Keys, kept_secret
from bot.storage.leasing import Waiting
from bot.storage.notices import PAUSE, Level, Notice
from bot.storage.outbox import Outbox, Part, Sending
from bot.storage.questions import Asked
from bot.storage.replies import Told
from bot.storage.retention import Periods
from bot.storage.storage import Storage
from bot.storage.turns import Turn

__all__ = [
    "MOST_ATTEMPTS",
    "PAUSE",
    "Asked",
    "Case",
    "Conversations",
    "CuratedAnswer",
    "Event",
    "Inbox",
    "Keys",
    "LeaseLost",
    "Level",
    "Notice",
    "Outbox",
    "Overtaken",
    "Part",
    "Periods",
    "Remembered",
    "Sending",
    "Storage",
    "StorageError",
    "Told",
    "Turn",
    "Waiting",
    "kept_secret",
    "named",
]
