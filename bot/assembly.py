"""From settings to the parts of the running bot: the encoder, the index, the assistant, the service."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.curation import Curation
from bot.handover.desk import Desk
from bot.handover.hours import OfficeHours, parse_days
from bot.metrics import Metrics
from bot.pipeline import Assistant
from bot.service import AnswerService, Loaded
from bot.storage import Periods, Storage
from bot.tracing import NO_TRACING, Tracer
from bot.types import Intent, Option, Reply
from config.console import how_to_install
from config.settings import Settings, WrongSettings
from knowledge.encoding import Encoder, make_encoder
from knowledge.entries import Entry, EntryType
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import load_ranking
from knowledge.store import POINTER, open_index
from knowledge.vectors.choosing import vector_server


def published_version(root: Path) -> str | None:
    """The version that the pointer file names, none where there is no pointer that can be read."""
    try:
        return (root / POINTER).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def load_assistant(settings: Settings, encoder: Encoder | None = None) -> Loaded:
    """Open the current index and put an assistant on it.

    Args:
        encoder: the one that is loaded already; none: loads the settings' encoder.

    Raises:
        IndexUnusable, EncoderError, RankingError: it cannot be used; the message says what to do.
    """
    # Read before opening: should a newer index be published meanwhile, the next look finds it.
    version = published_version(settings.index_dir) or ""
    index = open_index(settings.index_dir, encoder or make_encoder(settings), load_ranking(), vector_server(settings))
    return describe(index, Assistant(index, settings.today, settings.max_question_chars), version)


def describe(index: SearchIndex, assistant: Assistant, version: str) -> Loaded:
    """An assistant with the choices its index offers: provinces (those with plans first) and plans."""
    plans = [e for e in index.entries if e.type is EntryType.PLAN]
    today = sorted({_name(e) for e in index.entries if e.type is EntryType.PROVINCE and not (e.record or {}).get("merged_into")})
    with_plans = [str(e.province) for e in plans if e.province]
    return Loaded(
        assistant,
        version,
        entries=len(index.entries),
        provinces=tuple(dict.fromkeys([*with_plans, *today])),
        plans=tuple(Option(_short_title(e), entry=e.id, intent=Intent.DOCUMENT) for e in plans),
        entry_ids=index.by_id.keys(),
        records=index.entries,
        life_events=index.life_events,
        encode=index.encoder.queries,
    )


def _name(entry: Entry) -> str:
    return str((entry.record or {}).get("name") or entry.title)


def _short_title(entry: Entry) -> str:
    return str((entry.record or {}).get("short_title") or entry.title)


def make_storage(settings: Settings) -> Storage:
    """The database of the settings; call its ``open`` before use."""
    return Storage(
        settings.database_url,
        secret=settings.secret_key.get_secret_value() if settings.secret_key is not None else None,
        periods=Periods(conversations=settings.conversation_days, content=settings.retention_days),
    )


def make_tracer(settings: Settings, replica: str) -> Tracer:
    """What makes spans, where the settings name a collector. The library is imported only then.

    Raises:
        WrongSettings: the library is not installed.
    """
    if not settings.tracing_url:
        return NO_TRACING
    try:
        from bot.telemetry import Telemetry
    except ImportError as error:
        raise WrongSettings([f"BOT_TRACING_URL: thiếu gói {error.name}; {how_to_install('tracing')}"]) from None
    return Telemetry(settings.tracing_url, replica)


def make_service(settings: Settings, storage: Storage, metrics: Metrics | None = None, tracer: Tracer = NO_TRACING) -> AnswerService:
    """The service over the settings' index, whose answers ``metrics`` counts and ``tracer`` follows; call its ``open`` before use."""
    counted = metrics or Metrics()

    def answered(channel: str, reply: Reply) -> None:
        counted.answered(channel, reply)
        tracer.answered(channel, reply, service.loaded.version if service.loaded else "")

    # A model of choice is large and stays over index changes; the embedded one is read anew, since training may have replaced it.
    encoder = cache(lambda: make_encoder(settings)) if settings.encoder_model else None
    service = AnswerService(
        storage,
        lambda: load_assistant(settings, encoder() if encoder else None),
        lambda: published_version(settings.index_dir),
        longest_question=settings.max_question_chars,
        desk=make_desk(settings, storage),
        curation=Curation(storage.curated, settings.today),
        answered=answered,
    )
    return service


def make_desk(settings: Settings, storage: Storage) -> Desk:
    """The desk with the settings' office hours; without hours nothing is promised.

    Raises:
        WrongSettings: the hours or the holidays cannot be read.
    """
    try:
        holidays = parse_days(settings.holidays)
    except ValueError:
        raise WrongSettings(
            [f"BOT_HOLIDAYS: cần các ngày dạng 2026-09-02 cách nhau bằng dấu phẩy, đang là {settings.holidays!r}"]
        ) from None
    try:
        hours = OfficeHours.parse(settings.office_hours, holidays) if settings.office_hours else None
    except ValueError as error:
        raise WrongSettings([f"BOT_OFFICE_HOURS: {error}"]) from None
    return Desk(storage.hand_overs, hours, quiet_minutes=settings.quiet_minutes)
