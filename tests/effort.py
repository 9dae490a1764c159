"""How much work a call is, whatever the machine, and how often a test does the same."""

import time
from collections.abc import Callable

from hypothesis import settings

YARDSTICK_SECONDS = 0.04
"""What the yardstick took where the limits were set."""

SHORT_SECONDS = 0.2
"""Far below every limit, however slow the machine: the yardstick would cost more than the call."""


def often(usual: int, long: int) -> int:
    """How often something is tried that was drawn by chance: `long` in `make test-long`."""
    return long if settings.get_current_profile_name() == "long" else usual


K = often(200, 1_000)
"""A thousand of whatever a hostile text repeats; a fifth of it shows already what is not linear."""

SECONDS = often(0.5, 2)
"""The most that a text of so many may take, of processor time: the clock on the wall tells of others as well."""


def _yardstick() -> float:
    """CPU seconds of a fixed piece of work of the kind the parsers do: words, slices, a dict."""
    start = time.process_time()
    seen: dict[str, int] = {}
    for at in range(100_000):
        seen[str(at)] = seen.get(str(at // 2), 0) + 1
    return time.process_time() - start


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the call; fewer where the machine is slower just now than it was when the limits were set."""
    start = time.process_time()
    work()
    taken = time.process_time() - start
    if taken < SHORT_SECONDS:
        return taken
    return taken / max(1.0, *(_yardstick() / YARDSTICK_SECONDS for _ in range(2)))


def takes_less(work: Callable[[], object], limit: float = SECONDS) -> bool:
    """Whether one of three tries is quick enough: a busy machine slows one down, a bad pattern all."""
    return any(seconds(work) < limit for _ in range(3))
