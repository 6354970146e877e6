"""Who is logged in to the staff pages, and how often logging in failed: common to all replicas.

A session's token and what is counted (an address, a name) are stored as keyed hashes only.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Float, Integer, String, case, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base, Database
from bot.storage.keys import Keys


class SessionRow(Base):
    __tablename__ = "staff_sessions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column("user_name", String(128), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[float] = mapped_column(Float)
    seen_at: Mapped[float] = mapped_column(Float)
    expires_at: Mapped[float] = mapped_column(Float, index=True)


class FailureRow(Base):
    __tablename__ = "login_failures"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[float] = mapped_column(Float, index=True)


@dataclass(frozen=True)
class Session:
    """A login: whose, and the token that forms must carry."""

    user: str
    csrf: str


class Access:
    """Sessions and failed logins."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database, self._keys = database, keys

    async def start(self, user: str, seconds: float) -> tuple[str, Session]:
        """Open a session of at most ``seconds``; gives its token (for the cookie, kept nowhere else) and the session."""
        token, session, now = secrets.token_urlsafe(32), Session(user, secrets.token_urlsafe(32)), self._database.clock()
        times = {"started_at": now, "seen_at": now, "expires_at": now + seconds}
        await self._database.change(insert(SessionRow).values(token=self._digest(token), user=user, csrf=session.csrf, **times))
        return token, session

    async def session(self, token: str, idle: float, *, used: bool = True) -> Session | None:
        """The session of a token; none where there is none, it has ended, or was not used for ``idle`` seconds. ``used``: whether
        asking counts as use."""
        now, mine = self._database.clock(), SessionRow.token == self._digest(token)
        query = select(
            SessionRow.user.label("user"), SessionRow.csrf, SessionRow.seen_at, SessionRow.started_at, SessionRow.expires_at
        ).where(mine)
        row = next(iter(await self._database.rows(query)), None)
        if row is None or not row.started_at <= now < row.expires_at or now - row.seen_at > idle:
            return None
        if used and abs(now - row.seen_at) > min(60.0, idle / 4):  # not a write for every request
            await self._database.change(update(SessionRow).where(mine).values(seen_at=now))
        return Session(row.user, row.csrf)

    async def end(self, token: str) -> None:
        """Log out."""
        await self._database.change(delete(SessionRow).where(SessionRow.token == self._digest(token)))

    async def failed(self, subject: str, window: float) -> int:
        """Count a failed login for ``subject`` (an address, a user name); gives how many there were within ``window`` seconds of
        the first."""
        now, row = self._database.clock(), FailureRow
        fresh = row.first_at.between(now - window, now)
        more = {"count": case((fresh, row.count + 1), else_=1), "first_at": case((fresh, row.first_at), else_=now)}
        statement = self._database.insert(row).values(subject=self._digest(subject), count=1, first_at=now)
        statement = statement.on_conflict_do_update(index_elements=["subject"], set_=more)
        query = select(row.count).where(row.subject == self._digest(subject))

        def work(connection: Connection) -> int:
            connection.execute(statement)
            return int(connection.execute(query).scalar_one())

        return await self._database.write(work)

    async def failures(self, subject: str, window: float) -> int:
        """How many failed logins ``subject`` has within ``window`` seconds of the first."""
        now = self._database.clock()
        query = select(FailureRow.count).where(FailureRow.subject == self._digest(subject), FailureRow.first_at.between(now - window, now))
        return int(await self._database.value(query) or 0)

    async def succeeded(self, subject: str) -> None:
        """Forget the failures of ``subject``."""
        await self._database.change(delete(FailureRow).where(FailureRow.subject == self._digest(subject)))

    def _digest(self, text: str) -> str:
        return self._keys.digest(f"access\0{text}")
