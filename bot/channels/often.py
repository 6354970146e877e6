"""How often somebody may: a limit over a moving window, in memory.

The library ``limits``, which limits the web interface, looks at every known person with each message that it counts; with thousands of
them that is most of the program's time.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable


class Often:
    """Counts what each did within the last ``seconds``."""

    def __init__(self, most: int, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        """``most``: times within ``seconds``; ``clock``: seconds."""
        self._most, self._seconds, self._clock = most, seconds, clock
        self._times: dict[Hashable, deque[float]] = {}
        self._tidied_at = clock()

    def may(self, who: Hashable) -> bool:
        """Count one time more, or refuse it: what is refused is not counted."""
        now = self._clock()
        self._tidy(now)
        times = self._times.setdefault(who, deque())
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        return True

    def _tidy(self, now: float) -> None:
        """Forget those of whom nothing counts any more; once a window, so that it costs little for each."""
        if now - self._tidied_at > self._seconds:
            self._tidied_at = now
            self._times = {who: times for who, times in self._times.items() if times and times[-1] > now - self._seconds}
