"""Conversations that wait for a person or have one: at most one open *case* a conversation, with its messages both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Connection, Float, ForeignKey, Index, String, Text, bindparam, func, insert, select, tuple_, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, OPEN, Base, BigId, Database, new_id
from bot.storage.outbox import Part, put_parts
from bot.storage.people import Mask, masked
from bot.storage.together import Together
from bot.types import HandOver


class HandOverRow(Base):
    """One case. Waiting until ``taken_by`` is set, open until ``closed_at`` is set. ``promised_by``: when an answer was promised."""

    __tablename__ = "hand_overs"
    __table_args__ = (Index("hand_over_open", "channel", "conversation", unique=True, sqlite_where=OPEN, postgresql_where=OPEN), COUNTED)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    conversation: Mapped[str] = mapped_column(String(128))
    address: Mapped[str] = mapped_column(String(256))
    question: Mapped[str | None] = mapped_column(Text)
    entry: Mapped[str | None] = mapped_column(String(256))
    opened_at: Mapped[float] = mapped_column(Float, index=True)
    promised_by: Mapped[float | None] = mapped_column(Float)
    taken_at: Mapped[float | None] = mapped_column(Float)
    taken_by: Mapped[str | None] = mapped_column(String(128))
    closed_at: Mapped[float | None] = mapped_column(Float)
    closed_by: Mapped[str | None] = mapped_column(String(128))


class HandOverMessageRow(Base):
    """What was said in a case; ``author``: the member of staff, none for the person."""

    __tablename__ = "hand_over_messages"
    __table_args__ = COUNTED

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    case: Mapped[int] = mapped_column("hand_over", BigId, ForeignKey("hand_overs.id", ondelete="CASCADE"), index=True)
    from_staff: Mapped[bool] = mapped_column(Boolean)
    author: Mapped[str | None] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[float] = mapped_column(Float)


@dataclass(frozen=True)
class Case:
    """A case. Times in seconds; ``position``: place among those who wait, from 1; none once somebody has taken it."""

    id: int
    channel: str
    conversation: str
    address: str
    question: str | None
    entry: str | None
    opened_at: float
    promised_by: float | None
    taken_at: float | None
    taken_by: str | None
    closed_at: float | None
    position: int | None = None


@dataclass(frozen=True)
class Said:
    """A message of a case; ``author`` none: the person."""

    author: str | None
    text: str
    at: float


@dataclass(frozen=True)
class Letter:
    """A message of staff to a person; ``id`` counts up."""

    id: int
    text: str
    at: float


@dataclass(frozen=True)
class Letters:
    """What staff wrote, oldest first, and the open case; none: the bot answers again."""

    case: Case | None
    letters: tuple[Letter, ...]


_CASE = [getattr(HandOverRow, name) for name in Case.__dataclass_fields__ if name != "position"]

_WITH_STAFF = select(HandOverRow.channel, HandOverRow.conversation).where(
    tuple_(HandOverRow.channel, HandOverRow.conversation).in_(bindparam("who", expanding=True)), HandOverRow.closed_at.is_(None)
)


class HandOvers:
    """The cases."""

    def __init__(self, database: Database, mask: Mask) -> None:
        self._database, self._mask = database, mask
        self._looking: Together[tuple[str, str], Case | None] = Together(self._current_all)

    def open_within(self, connection: Connection, channel: str, key: str, address: str, asked: HandOver, promised_by: float | None) -> Case:
        """Open a case as a part of a transaction; the one already open where there is one."""
        values = {
            "channel": channel,
            "conversation": key,
            "address": address or key,
            "question": masked(self._mask, asked.question),
            "entry": asked.entry,
            "opened_at": self._database.clock(),
            "promised_by": promised_by,
        }
        statement = self._database.insert(HandOverRow).values(values)
        only_one = statement.on_conflict_do_nothing(index_elements=["channel", "conversation"], index_where=OPEN)
        connection.execute(only_one)
        case = _open_case(connection, channel, key)
        assert case is not None
        return case

    def said_within(self, connection: Connection, channel: str, key: str, text: str) -> Case | None:
        """Add what the person wrote to the open case, as a part of a transaction; none where no case is open."""
        case = _open_case(connection, channel, key)
        if case is not None:
            self._add(connection, case.id, None, text)
        return case

    def _add(self, connection: Connection, case: int, author: str | None, text: str) -> int:
        # What staff write is for the person: an office's telephone number in it must arrive.
        kept = masked(self._mask, text) if author is None else text
        values = {"text": kept or "", "at": self._database.clock()}
        statement = insert(HandOverMessageRow).values(case=case, from_staff=author is not None, author=author, **values)
        return new_id(connection, statement)

    async def take_over(self, channel: str, key: str, author: str, text: str = "", address: str = "") -> Case:
        """A member of staff has written to the person in the channel's own console: open a case where none is, and take it."""

        def work(connection: Connection) -> Case:
            case = self.open_within(connection, channel, key, address, HandOver(), None)
            self._take(connection, case.id, author)
            if text:
                self._add(connection, case.id, author, text)
            taken = _open_case(connection, channel, key)
            assert taken is not None
            return taken

        return await self._database.write(work)

    async def reply(self, case: int, author: str, parts: Sequence[Part]) -> bool:
        """A member of staff answers: keep the text, queue it for the person's channel, and take the case. False where it is closed."""
        query = select(HandOverRow).where(HandOverRow.id == case, HandOverRow.closed_at.is_(None))

        def work(connection: Connection) -> bool:
            found = connection.execute(query).first()
            if found is None:
                return False
            self._take(connection, case, author)
            number = self._add(connection, case, author, "\n".join(part.text for part in parts))
            put_parts(self._database, connection, found.channel, found.conversation, f"staff:{number}", parts)
            return True

        return await self._database.write(work, durable=True)

    def _take(self, connection: Connection, case: int, by: str) -> None:
        values = {"taken_at": self._database.clock(), "taken_by": by}
        connection.execute(update(HandOverRow).where(HandOverRow.id == case, HandOverRow.taken_by.is_(None)).values(values))

    async def close(self, case: int, by: str, parts: Sequence[Part] = ()) -> bool:
        """End a case (the bot answers again), telling the person ``parts``. False where it was closed already."""
        values = {"closed_at": self._database.clock(), "closed_by": by}
        change = update(HandOverRow).where(HandOverRow.id == case, HandOverRow.closed_at.is_(None)).values(values)

        def work(connection: Connection) -> bool:
            found = connection.execute(select(HandOverRow).where(HandOverRow.id == case)).first()
            if found is None or not connection.execute(change).rowcount:
                return False
            put_parts(self._database, connection, found.channel, found.conversation, f"closed:{case}", parts)
            return True

        return await self._database.write(work)

    async def current(self, channel: str, key: str) -> Case | None:
        """The open case of a conversation."""
        return await self._looking.put((channel, key))

    async def _current_all(self, who: Sequence[tuple[str, str]]) -> list[Case | None]:
        def read(connection: Connection) -> list[Case | None]:
            found = {tuple(row) for row in connection.execute(_WITH_STAFF, {"who": list(who)})}
            return [_open_case(connection, *one) if one in found else None for one in who]

        return await self._database.read(read)

    async def waiting(self) -> int:
        """How many wait for somebody to take them; one who asks now would stand behind them."""
        query = select(func.count()).where(HandOverRow.closed_at.is_(None), HandOverRow.taken_by.is_(None))
        return int(await self._database.value(query))

    async def cases(self, *, closed: bool = False, most: int = 200) -> list[Case]:
        """Open cases, the longest waiting first; or closed ones, the newest first."""
        query = select(*_CASE).where(HandOverRow.closed_at.is_not(None) if closed else HandOverRow.closed_at.is_(None))
        query = query.order_by(HandOverRow.id.desc() if closed else HandOverRow.id).limit(most)
        rows = await self._database.rows(query)
        places = {row.id: place for place, row in enumerate((r for r in rows if r.taken_by is None and not closed), 1)}
        return [Case(**row._mapping, position=places.get(row.id)) for row in rows]

    async def messages(self, case: int) -> list[Said]:
        """What was said in a case, oldest first."""
        row = HandOverMessageRow
        query = select(row.author, row.text, row.at).where(row.case == case).order_by(row.id)
        return [Said(*said) for said in await self._database.rows(query)]

    async def letters(self, channel: str, key: str, after: int = 0) -> Letters:
        """What staff wrote to a person since message ``after``, for channels on which people fetch it themselves."""
        row = HandOverMessageRow
        query = select(row.id, row.text, row.at).join(HandOverRow, HandOverRow.id == row.case).order_by(row.id)
        query = query.where(HandOverRow.channel == channel, HandOverRow.conversation == key, row.from_staff, row.id > after)

        def read(connection: Connection) -> Letters:
            found = tuple(Letter(*letter) for letter in connection.execute(query))
            return Letters(_open_case(connection, channel, key), found)

        return await self._database.read(read)


def _open_case(connection: Connection, channel: str, key: str) -> Case | None:
    mine: Any = (HandOverRow.channel == channel, HandOverRow.conversation == key, HandOverRow.closed_at.is_(None))
    row = connection.execute(select(*_CASE).where(*mine)).one_or_none()
    if row is None:
        return None
    if row.taken_by is not None:
        return Case(**row._mapping)
    before = select(func.count()).where(HandOverRow.closed_at.is_(None), HandOverRow.taken_by.is_(None), HandOverRow.id <= row.id)
    return Case(**row._mapping, position=connection.execute(before).scalar_one())
