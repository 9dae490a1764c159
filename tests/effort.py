"""How much work a call is, whatever the machine, and how often a test does the same."""

import gc
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


def _yardstick() -> float:
    """CPU seconds of a fixed piece of work of the kind the parsers do: words, slices, a dict."""
    start = time.process_time()
    seen: dict[str, int] = {}
    for at in range(100_000):
        seen[str(at)] = seen.get(str(at // 2), 0) + 1
    return time.process_time() - start


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the call; fewer where the machine is slower just now than it was when the limits were set.

    What earlier tests left in memory is not looked through on its account.
    """
    gc.freeze()
    start = time.process_time()
    work()
    taken = time.process_time() - start
    gc.unfreeze()
    if taken < SHORT_SECONDS:
        return taken
    return taken / max(1.0, *(_yardstick() / YARDSTICK_SECONDS for _ in range(2)))
