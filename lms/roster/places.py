"""Villages and kecamatan as people write them: "Ds.", capitals, a letter too few, one name in several kecamatan."""

import re
from difflib import SequenceMatcher
from functools import cache, lru_cache

from lms.people.regions import Village, by_district, villages

LIKE, SURELY_LIKE, CLEARLY = 0.72, 0.84, 0.08
MOST_ASKED = 5
_KIND = re.compile(r"^(?:desa|ds|kelurahan|kel|dk|dusun)\b\.?[\s:/.]*(?:kel(?:urahan)?\b\.?)?")
_DISTRICT = re.compile(r"\bkec(?:amatan)?\b\.?\s*:?\s*([a-z ]+)")
_HOUSE = re.compile(r"\br[tw]\b\W*\d+(?:\W*\d+)?")
_INSIDE = re.compile(r"\b(?:desa|ds|kelurahan|kel)\b\.?\s*:?\s*([a-z ]+?)(?=\s*(?:[,;()/]|\brt\b|\brw\b|\bkec|$))")


def plain_place(text: str) -> str:
    """Letters alone: how a name sounds on a list, whatever is put between its words."""
    return re.sub(r"[^a-z]", "", _KIND.sub("", text.casefold().strip()))


@cache
def _districts() -> dict[str, str]:
    return {plain_place(name): name for name in by_district()}


@lru_cache(2_048)
def district_of(text: str) -> str:
    """The kecamatan that a text names, perhaps misspelt, or ""."""
    words = re.sub(r"^\W*(?:kec(?:amatan)?\b\.?|\d+[.)]?)\W*", "", text.casefold().strip())
    wanted = plain_place(words)
    if wanted in _districts():
        return _districts()[wanted]
    near = max(((_likeness(wanted, plain), name) for plain, name in _districts().items()), default=(0.0, ""))
    return near[1] if len(wanted) > 4 and near[0] >= SURELY_LIKE else ""


@lru_cache(8_192)  # A list names the same places again and again.
def find_villages(text: str, district: str) -> tuple[tuple[str, ...], bool]:
    """Codes of the villages that may be meant, the likeliest first, and whether there is no doubt about the first.

    No code at all: nothing is like it.
    """
    words = text.casefold()
    said = _DISTRICT.search(words)
    wanted_district = district_of(said[1] if said else district)
    inside = _INSIDE.search(words)
    whole = inside[1] if inside else _HOUSE.sub(" ", _DISTRICT.sub(" ", words))
    parts = [part for part in re.split(r"[,(/;]|\s-\s", whole) if plain_place(part)]
    wanted = plain_place(parts[0]) if parts else ""
    wanted_district = wanted_district or next(filter(None, map(district_of, parts[1:])), "")
    if not wanted:
        return (), False
    same = [village for village in villages().values() if plain_place(village.name) == wanted]
    here = [village for village in same if village.district == wanted_district]
    if len(here) == 1:
        return (here[0].code,), True
    if len(here) > 1 or (same and not wanted_district):
        return tuple(village.code for village in here or same), len(here or same) == 1
    return _like(wanted, wanted_district, same)


def _like(wanted: str, district: str, elsewhere: list[Village]) -> tuple[tuple[str, ...], bool]:
    """Villages of a similar name: sure is only one of the named kecamatan that is much more like it than others."""
    near = by_district()[district] if district else villages().values()
    ranked = sorted(((_likeness(wanted, plain_place(village.name)), village.code) for village in near), reverse=True)
    found = [(likeness, code) for likeness, code in ranked if likeness >= LIKE][:MOST_ASKED]
    codes = [code for _, code in found]
    if found and district and not elsewhere:
        clear = len(found) == 1 or found[0][0] - found[1][0] >= CLEARLY
        if found[0][0] >= SURELY_LIKE and clear:
            return (codes[0],), True
    codes += [village.code for village in elsewhere if village.code not in codes]
    return tuple(codes[:MOST_ASKED]), False


def _likeness(one: str, other: str) -> float:
    pair = SequenceMatcher(None, one, other, autojunk=False)
    return pair.ratio() if pair.real_quick_ratio() >= LIKE and pair.quick_ratio() >= LIKE else 0.0
