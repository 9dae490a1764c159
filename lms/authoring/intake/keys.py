"""What people write as the key of a question: letters, "benar", a word that says that there is none."""

import re

YES_NO: dict[str, tuple[tuple[str, str], bool]] = {
    "benar": (("Benar", "Salah"), True),
    "salah": (("Benar", "Salah"), False),
    "b": (("Benar", "Salah"), True),
    "s": (("Benar", "Salah"), False),
    "ya": (("Ya", "Tidak"), True),
    "tidak": (("Ya", "Tidak"), False),
}
"""The two choices in order, and whether the first is right."""
FREE = frozenset({"bebas", "terbuka", "uraian", "esai", "essay", "jawaban bebas", "pendapat pribadi"})
SEPARATOR = re.compile(r" ?(?:,|;|/|&|-|–|>|\bdan\b) ?| ")


def ordered_letters(text: str) -> list[str]:
    """B; A, C; "a dan c"; C-A-B: the letters in the order they were written; [] for anything else."""
    if len(text) > 60:
        return []
    parts = [part.strip("().") for part in SEPARATOR.split(text.strip().casefold()) if part.strip("(). ")]
    return [part.upper() for part in parts] if all(len(part) == 1 and "a" <= part <= "z" for part in parts) else []


def letters_of(text: str, known: str) -> set[str]:
    """The letters of a key when all are known; "B. Menolak" counts as B."""
    letters = ordered_letters(text)
    if not letters and re.match(r"\(?[A-Za-z][.)] ", text):
        letters = [text.lstrip("(")[0].upper()]
    return set(letters) if set(letters) <= set(known) else set()
