"""What is kept is bounded: the least recently used goes first."""

from lms.web.cache import Cache


def put(cache: Cache, key: str, weight: int = 4) -> bool:
    """Ask for a value; whether it had to be made."""
    made: list[str] = []

    def make() -> tuple[str, int]:
        made.append(key)
        return key.upper(), weight

    assert cache.get(key, make) == key.upper()
    return bool(made)


def test_a_value_is_made_once() -> None:
    cache = Cache(limit=10)
    assert [put(cache, "a"), put(cache, "a")] == [True, False]


def test_the_least_recently_used_goes_first() -> None:
    cache = Cache(limit=10)
    put(cache, "a")
    put(cache, "b")
    put(cache, "a")
    put(cache, "c")
    assert [put(cache, "a"), put(cache, "c")] == [False, False]
    assert put(cache, "b")


def test_what_is_nearly_as_heavy_as_all_drives_nothing_out() -> None:
    cache = Cache(limit=10)
    put(cache, "a")
    assert [put(cache, "heavy", 9), put(cache, "heavy", 9)] == [True, True]
    assert not put(cache, "a")
