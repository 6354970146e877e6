"""``serve``: the web API and every configured chat channel in one process, until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from bot.admin.assembly import make_admin
from bot.admin.options import admin_options
from bot.assembly import make_service, make_storage, make_tracer
from bot.channels.assembly import Chat, make_chat
from bot.channels.base import Channel, ChannelError, wait_unless
from bot.channels.webhooks import WithWebhooks
from bot.housekeeping import prune, watch_file
from bot.metrics import ErrorCounter, Metrics
from bot.readings import read_database
from bot.service import AnswerService
from bot.storage import Storage, StorageError
from bot.storage.errors import PASSING
from bot.tracing import NO_TRACING, Tracer
from bot.web.addresses import Addresses
from bot.web.api import counting, create_app
from bot.web.arrival import Arrival
from bot.web.limiting import RateLimits
from bot.web.options import web_options
from bot.web.page import make_router
from bot.web.server import server_config
from config.console import refused
from config.settings import Settings
from knowledge.encoding import EncoderError
from knowledge.search.ranking import RankingError
from knowledge.store import IndexUnusable

log = logging.getLogger(__name__)

OK, AGAIN, UNUSABLE, NO_INDEX = 0, 1, 2, 3
"""Exit statuses. AGAIN: starting it again later may succeed, which systemd and Docker do by themselves."""
GRACE_SECONDS = 10.0


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: one stop signal ends the web server and the channels together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(settings: Settings) -> int:
    """Run until stopped; gives the exit status: 0 stopped, 1 the database's server is away or the disk full, 2 the address or
    the database cannot be used, 3 no usable index."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(_serve(settings))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop, which costs about half of asyncio's own; none where it does not exist (Windows)."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, opened before anything slow so that a taken port is told at once.

    Raises:
        OSError: the port is taken, or the host is not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=256)
    # asyncio sets this itself only on sockets it made; without it each answer on a kept connection waits 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _why(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Cổng {settings.port} đang có chương trình khác dùng. Đặt BOT_PORT sang cổng khác hoặc tắt chương trình kia."
    if error.errno == errno.EACCES:
        return f"Không được phép mở cổng {settings.port}. Đặt BOT_PORT từ 1024 trở lên."
    if error.errno == errno.EADDRNOTAVAIL or (error.errno or 0) < 0:  # those of getaddrinfo are negative
        return f"{settings.host} không phải địa chỉ của máy này. Đặt BOT_HOST là 127.0.0.1, 0.0.0.0 hoặc một địa chỉ của máy."
    return f"Không mở được {settings.host}:{settings.port}: {error.strerror or error}. Kiểm tra BOT_HOST và BOT_PORT."


async def _serve(settings: Settings) -> int:
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        _say(_why(error, settings))
        return UNUSABLE
    storage, tracer = make_storage(settings), NO_TRACING
    try:
        tracer = make_tracer(settings, _replica(settings, listener))
        await storage.open()
        metrics = Metrics()
        service = make_service(settings, storage, metrics, tracer)
        await service.open()
        await _run(settings, listener, service, storage, metrics, tracer)
        return OK
    except (IndexUnusable, EncoderError, RankingError) as error:
        _say(str(error))
        return NO_INDEX
    except StorageError as error:
        _say(str(error))
        return AGAIN if isinstance(error, PASSING) else UNUSABLE
    except SQLAlchemyError as error:
        _say(f"Không dùng được cơ sở dữ liệu, kiểm tra BOT_DATABASE_URL và BOT_DATA_DIR ({type(error).__name__}: {error})")
        return UNUSABLE
    except OSError as error:
        _say(refused(error))
        return AGAIN if error.errno in (errno.ENOSPC, errno.EDQUOT) else UNUSABLE
    finally:
        listener.close()
        await storage.close()
        await asyncio.to_thread(tracer.close)


def _replica(settings: Settings, listener: socket.socket) -> str:
    """The name of this process among those that share the database."""
    return settings.replica or f"{socket.gethostname()}:{listener.getsockname()[1]}"


def make_web(settings: Settings, service: AnswerService, storage: Storage, metrics: Metrics, chat: Chat, tracer: Tracer) -> ASGIApp:
    """The web application: page, API, the addresses for operators, the staff pages where they are set up, and beside it the
    addresses where chat services deliver."""
    options = web_options(settings)
    lengths = {connector.name: connector.part_length for connector in chat.connectors}
    limits = RateLimits(options.rates, metrics.limited)
    routers = [make_router(service, settings.frame_ancestors, limits)]
    admin = admin_options(settings, lengths)
    if admin is not None:
        routers += make_admin(service, admin, limits)
    read_database(metrics, storage, settings.zalo_oa_id)
    web = create_app(service, options, routers=routers, metrics=metrics, limits=limits, tracer=tracer)

    def numbered(webhooks: ASGIApp) -> ASGIApp:
        return Arrival(webhooks, Addresses(options.trusted_proxies), counting(metrics), log_access=options.log_access)

    return WithWebhooks(web, chat.routes, numbered)


async def _run(
    settings: Settings, listener: socket.socket, service: AnswerService, storage: Storage, metrics: Metrics, tracer: Tracer
) -> None:
    stop = asyncio.Event()
    errors = ErrorCounter(metrics)
    logging.getLogger().addHandler(errors)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    host, port = listener.getsockname()[:2]
    chat = make_chat(settings, service, storage, _replica(settings, listener), tracer, metrics.sent)
    server = _Server(server_config(make_web(settings, service, storage, metrics, chat, tracer)))
    shown = f"[{host}]" if ":" in host else host
    channels = ["web", *(channel.name for channel in chat.receivers)]
    _say(f"Đang chạy tại http://{shown}:{port} (kênh: {', '.join(channels)}). Dừng: Ctrl+C.")
    web = asyncio.create_task(server.serve(sockets=[listener]))
    web.add_done_callback(lambda _: stop.set())
    lasting = [web, *(asyncio.create_task(_keep(channel, stop, metrics.running)) for channel in chat.receivers)]
    if chat.connectors:
        lasting.append(asyncio.create_task(_keep(chat.runtime, stop, metrics.running)))
    helping = [asyncio.create_task(service.follow()), asyncio.create_task(prune(storage)), asyncio.create_task(watch_file(storage))]
    try:
        await stop.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)  # a second Ctrl+C ends the program at once
        server.should_exit = True
        await _finish(lasting, helping)
        await chat.close()
        logging.getLogger().removeHandler(errors)


async def _finish(lasting: Sequence[asyncio.Task[None]], helping: Sequence[asyncio.Task[None]]) -> None:
    """Let what is being answered come to its end, but not for ever."""
    for task in helping:
        task.cancel()
    _, late = await asyncio.wait(lasting, timeout=GRACE_SECONDS)
    for task in late:
        task.cancel()
    for result in await asyncio.gather(*lasting, *helping, return_exceptions=True):
        if isinstance(result, Exception):
            log.error("Lỗi khi dừng", exc_info=result)


async def _keep(channel: Channel, stop: asyncio.Event, running: Callable[[str, bool], None]) -> None:
    """Run a channel; begin again after an unexpected end. One that cannot run leaves the others running; ``running`` is told of it."""
    pause = 1.0
    while not stop.is_set():
        running(channel.name, True)
        try:
            await channel.run(stop)
            return
        except ChannelError as error:
            running(channel.name, False)
            log.error("Kênh %s không chạy: %s", channel.name, error)
            return
        except Exception:
            running(channel.name, False)
            log.exception("Kênh %s dừng đột ngột, chạy lại sau %.0f giây", channel.name, pause)
        await wait_unless(stop, pause)
        pause = min(2 * pause, 60.0)
