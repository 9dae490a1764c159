"""Which passwords are too easy: short, made of what everybody takes, or of the person's own name."""

import re
from functools import cache
from pathlib import Path

SHORTEST, LONGEST = 12, 200
FEWEST_SIGNS = 5
SHORTEST_NAME = 4
_LEET = str.maketrans("013457@$!", "oieastasi")
_EDGES = re.compile(r"^[^a-z]+|[^a-z]+$")
_NO_LETTER = re.compile(r"[^a-z]+")


def password_fault(password: str, login: str = "", name: str = "") -> str:
    """What to do about a password that can't be taken, in words for the person; "" when it can."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Pakai paling sedikit {SHORTEST} huruf; beberapa kata lebih mudah diingat."
    folded = password.casefold()
    own = [login.casefold(), *(part for part in re.findall(r"\w+", name.casefold()) if len(part) >= SHORTEST_NAME)]
    if any(word and word in folded for word in own):
        return "Jangan memakai nama Anda di dalam sandi."
    if is_common(folded):
        return "Sandi ini mudah ditebak orang. Pakai beberapa kata yang tidak biasa bersama-sama."
    return ""


def is_common(folded: str) -> bool:
    """Whether nothing is in it but digits, a few signs over and over, or words that everybody takes."""
    if len(set(folded)) < FEWEST_SIGNS:
        return True
    plain = _NO_LETTER.sub("", folded)
    spelled = _NO_LETTER.sub("", _EDGES.sub("", folded).translate(_LEET))
    return _is_made_of_words(plain) or _is_made_of_words(spelled)


def _is_made_of_words(letters: str) -> bool:
    """Whether the common words, one after the other, give these letters; so do no letters at all."""
    ends = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in _common_words() for start in ends):
            ends.add(end)
    return len(letters) in ends


@cache
def _common_words() -> frozenset[str]:
    """Our own list: keyboards, what a password is called, what is loved, believed and cheered, and where we are."""
    text = (Path(__file__).parent / "data" / "sandi-umum.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
