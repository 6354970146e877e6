"""The database and all its repositories."""

from __future__ import annotations

import time
from pathlib import Path

from bot.storage.access import Access
from bot.storage.audit import Audit
from bot.storage.conversations import Conversations
from bot.storage.curated import CuratedAnswers
from bot.storage.database import Clock, Database
from bot.storage.errors import SecretMissing, cannot_open
from bot.storage.feedback import FeedbackList
from bot.storage.hand_overs import HandOvers
from bot.storage.inbox import Inbox
from bot.storage.keys import Keys, kept_secret
from bot.storage.leases import Leases
from bot.storage.migrating import upgrade
from bot.storage.moving import bring_in
from bot.storage.notices import Notices
from bot.storage.outbox import Outbox
from bot.storage.people import Mask, masked_text
from bot.storage.privacy import Privacy
from bot.storage.questions import QuestionLog
from bot.storage.rekeying import Changed, change_key, check_key
from bot.storage.replies import Replies
from bot.storage.retention import Periods, Retention
from bot.storage.suggestions import Suggestions
from bot.storage.tokens import Tokens
from bot.storage.turns import Turns


class Storage:
    """Everything kept. Call :meth:`open` before use and :meth:`close` at the end."""

    def __init__(
        self,
        url: str,
        clock: Clock = time.time,
        *,
        secret: str | None = None,
        mask: Mask = masked_text,
        periods: Periods | None = None,
    ) -> None:
        """
        Args:
            url: of SQLAlchemy, ``sqlite+aiosqlite:///…`` or ``postgresql+asyncpg://…``.
            clock: seconds since 1970.
            secret: the secret key (:mod:`bot.storage.keys`); none: the one kept beside a SQLite file.
            mask: takes personal data out of what people wrote.
            periods: how long what is kept.
        """
        self._database = Database(url, clock)
        self._secret = secret
        self.keys = keys = Keys(self._read_secret)
        self.conversations = Conversations(self._database, mask)
        self.inbox = Inbox(self._database, keys)
        self.outbox = Outbox(self._database)
        self.leases = Leases(self._database)
        self.tokens = Tokens(self._database, keys)
        self.feedback = FeedbackList(self._database, keys, mask)
        self.hand_overs = HandOvers(self._database, mask)
        self.questions = QuestionLog(self._database, keys, mask)
        self.curated = CuratedAnswers(self._database)
        self.suggestions = Suggestions(self._database, mask)
        self.notices = Notices(self._database)
        self.audit = Audit(self._database)
        self.access = Access(self._database, keys)
        self.privacy = Privacy(self._database, keys)
        self.replies = Replies(self._database, keys)
        self.turns = Turns(self._database, self.conversations, self.feedback, self.hand_overs, self.questions, self.privacy, self.replies)
        self.retention = Retention(self._database, self.conversations, self.questions, periods or Periods())

    def _read_secret(self) -> str:
        if self._secret is not None:
            return self._secret
        file = self._database.file
        if file is None:
            raise SecretMissing(
                "Cơ sở dữ liệu trên máy chủ cần BOT_SECRET_KEY (hoặc BOT_SECRET_KEY_FILE), giống nhau ở mọi bản đang chạy. "
                'Tạo khóa: python -c "import secrets; print(secrets.token_urlsafe(32))"'
            )
        return kept_secret(file.parent)

    async def open(self) -> None:
        """Create the folder (SQLite), and the tables where they are missing or of an earlier version.

        Raises:
            StorageError: the database cannot be reached or written, is of a newer version, or the secret key is missing or another than
                that of this database; the message says what to do.
        """
        self._prepare()
        await upgrade(self._database)
        await check_key(self._database, self.keys)
        self._database.remember_file()

    def _prepare(self) -> None:
        """The folder and the file of SQLite, and a secret key."""
        try:
            if self._database.file is not None:
                self._database.file.parent.mkdir(parents=True, exist_ok=True)
                self._database.file.touch(mode=0o600)  # one that is there keeps its mode; SQLite's own files beside it get the same
            self.keys.check()
        except OSError as error:
            raise cannot_open(error) from error

    def is_lost(self) -> bool:
        """Whether the file of a SQLite database was deleted or replaced since it was opened: what is written goes nowhere."""
        return self._database.is_lost()

    async def change_key(self, before: str | None) -> Changed:
        """Take the present secret key for this database's; to be called instead of :meth:`open`, while nothing else runs on it.

        Args:
            before: the key until now, with which all that is kept is read and encrypted anew; none: it is lost.

        Raises:
            StorageError: as :meth:`open`; nothing was changed.
        """
        self._prepare()
        await upgrade(self._database)
        return await change_key(self._database, None if before is None else Keys(lambda: before), self.keys)

    async def bring_in(self, source: Path) -> dict[str, int]:
        """See :func:`bot.storage.moving.bring_in`; to be called instead of :meth:`open`, while nothing runs on either database."""
        self._prepare()
        return await bring_in(source, self._database)

    async def close(self) -> None:
        await self._database.close()
