"""A cache of what is parsed, least recently used first out; nothing is invalidated, because a hash never changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

LIMIT_BYTES = 32 * 2**20


class Cache:
    """A bounded store of derived values, safe between threads; a value made twice at once is kept once."""

    def __init__(self, limit: int = LIMIT_BYTES) -> None:
        self._limit = limit
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[T, int]]) -> T:
        """The value under `key`; `make` gives it with its weight in bytes when it is not held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                value: T = self._held[key][0]
                return value
        value, weight = make()
        with self._lock:
            # What is nearly as heavy as everything together would drive the rest out, and then itself.
            if key not in self._held and 2 * weight < self._limit:
                self._held[key] = (value, weight)
                self._bytes += weight
            while self._bytes > self._limit and len(self._held) > 1:
                _, (_, gone) = self._held.popitem(last=False)
                self._bytes -= gone
        return value


_cache = Cache()
cached = _cache.get
"""The one store of a process."""
