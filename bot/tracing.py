"""What follows a message on its way: the numbers in the log, and spans where tracing is set up (:mod:`bot.telemetry`).

A message passes through several tasks, perhaps several processes: who receives it, who answers, who sends. What each hands to the
next (:meth:`Tracer.carried`) is kept beside the message in the queues.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.types import Reply
from config.logging import event_id, request_id

Carried = Mapping[str, str]
"""Numbers by name: ``request``, ``event``, and those of a trace."""


class Tracer:
    """Carries the numbers of the log, and makes no spans."""

    def carried(self) -> dict[str, str]:
        """What the next one needs to go on with what is being done now."""
        return {name: number for name, number in (("request", request_id.get()), ("event", event_id.get())) if number}

    @contextmanager
    def span(self, name: str, carried: Carried | None = None, **attributes: str | int) -> Iterator[None]:
        """A step of the way. Never give what a person wrote, or who they are.

        Args:
            name: ``receive``, ``answer``, ``send``.
            carried: what it goes on with; none: with what is being done now.
            attributes: what is known of it.
        """
        if carried is None:
            yield
            return
        tokens = request_id.set(carried.get("request", "")), event_id.set(carried.get("event", ""))
        try:
            yield
        finally:
            request_id.reset(tokens[0])
            event_id.reset(tokens[1])

    def answered(self, channel: str, reply: Reply, version: str) -> None:
        """An answer was found just now, under the index ``version``, as a part of the step that is being done."""

    def close(self) -> None:
        """Hand out what is not handed out yet."""


NO_TRACING = Tracer()
