"""Names with their titles, phone numbers and L/P as lists have them, made into what is stored."""

import re
import tomllib
from pathlib import Path

from lms.people.names import LONGEST_NAME, clean_name, clean_phone, clean_title

_WRITTEN: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("ejaan.toml").read_text(encoding="utf-8"))
_BEFORE, _CALLED, _SEXES = _WRITTEN["gelar_depan"], _WRITTEN["panggilan"], _WRITTEN["kelamin"]
_AFTER = {re.sub(r"[^a-z]", "", title.casefold()): title for title in _WRITTEN["gelar_belakang"]["dikenal"].split()}
_WORDLIKE = {"ma", "st", "sp", "ss", "ap", "ba", "ns"}
"""Titles that without a dot or a comma may as well be a name, unless they alone are in capitals."""
_CLOSE = re.compile(r"\b(drs?|dra|drg|drh|ir|prof|hj?|kh)\.(?=\S)", re.IGNORECASE)
_DOTTED = re.compile(r"^(?:[A-Z][A-Za-z]{0,4}\.)+[A-Za-z]{0,5}\.?$")
_PARTICLES = {"bin", "binti"}
_LOST = re.compile(r"[0-9]([,.]([0-9]*))?E\+?([0-9]{1,2})", re.IGNORECASE)

FROM_ABOVE = "〃 "
"""Stands before what a row says by ditto marks only, or leaves to the row above it."""
_DITTO = re.compile(
    r"[\"'“”„’‘`´〃, ]+|-\s*[\"”]\s*-|s[. ]*d[. ]*a\.?|idem|id\.|dto\.?|sama( dengan)?( yang)? ?di ?atas", re.IGNORECASE
)
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_AS_DIGITS = str.maketrans("OolI", "0011")
_NUMBER = re.compile(r"[A-Za-z]*?(\+?[0-9OolI]*[0-9][0-9OolI]*)[A-Za-z]*|([Oo]{2,})")
LETTERS = "huruf di nomor HP dibaca sebagai angka, periksa nomornya; di berkas: ••••{}"
SEVERAL = "di berkas ada beberapa nomor HP; yang diambil yang pertama"
LANDLINE = "nomor telepon rumah atau kantor, tidak dapat menerima WA"
LOST_DIGITS = "nomor HP rusak oleh Excel, sebagian angkanya hilang"
NO_PHONE = "nomor HP tidak terbaca"


def part_name(text: str) -> tuple[str, str, str] | None:
    """(titles before, name, titles after) of a name as typed; None when no name that can be stored is in it."""
    text = re.sub(r"\s*\([^)]*\)?|[\"“”„«»]", "", text).lstrip(" .,;:-*").rstrip(" ,;:-*)")
    text = re.sub(r"^\d+[.)]?\s+", "", text)
    head, *tail = [part.strip() for part in text.split(",")]
    words = _CLOSE.sub(r"\1. ", head).split()
    before: list[str] = []
    after = [title for part in tail for title in _titles(part)]
    while len(words) > 1 and (_title_before(words[0]) or words[0].casefold().strip(".") in _CALLED):
        before += filter(None, [_title_before(words.pop(0))])
    behind: list[str] = []
    while len(words) > 1 and (title := _title_after(words[-1], head.isupper())):
        behind.insert(0, title)
        words.pop()
    name = clean_name(_cased(re.sub(r"(?<=\w\w\w)\.$", "", " ".join(words))), LONGEST_NAME)
    titles = [clean_title(part) for part in (" ".join(before), ", ".join([*behind, *after]))]
    if name is None or any(title is None for title in titles):
        return None if name is None else ("", name, "")
    return titles[0] or "", name, titles[1] or ""


def _title_before(word: str) -> str:
    plain = word.casefold().strip(".")
    # One letter alone is a title only with its dot: names are shortened too.
    return _BEFORE.get(plain, "") if len(plain) > 1 or word in ("H.", "h.") else ""


def _title_after(word: str, shouted: bool) -> str:
    """A title at the end of a name without a comma: one that is known, and told from a name where it may be one."""
    plain = re.sub(r"[^a-z]", "", word.casefold())
    if plain in _AFTER and ("." in word.strip(".") or plain not in _WORDLIKE or (word.isupper() and not shouted)):
        return _AFTER[plain]
    return word if _DOTTED.match(word) and word.count(".") > 1 else ""


def _titles(part: str) -> list[str]:
    """Behind a comma everything is a title."""
    plain = re.sub(r"[^a-z]", "", part.casefold())
    if plain in _AFTER:
        return [_AFTER[plain]]
    return [_AFTER.get(re.sub(r"[^a-z]", "", word.casefold()), word) for word in part.split()][:4]


def _cased(name: str) -> str:
    """SITI AMINAH and siti aminah as Siti Aminah; who wrote both kinds of letters meant it."""
    if not (name.isupper() or name.islower()):
        return name
    words = [word if word in _PARTICLES else re.sub(r"^\W?\w", _upper, word) for word in name.lower().split()]
    return re.sub(r"(?<=[-.])[a-z]", _upper, " ".join(words))


def _upper(found: re.Match[str]) -> str:
    return found[0].upper()


def is_ditto(text: str) -> bool:
    """Whether a cell only says that it is like the one above it."""
    return bool(_DITTO.fullmatch(text))


def read_phone(text: str) -> tuple[str, str]:
    """(digits, what is to be said): the first number of several, with its zero again; none where digits are lost."""
    text = text.translate(_NARROW).removesuffix(".0")
    if not text:
        return "", ""
    if lost := _LOST.fullmatch(text.replace(" ", "")):
        if len(lost[2] or "") < int(lost[3]):
            return "", LOST_DIGITS
        text = f"{float(text.replace(',', '.').replace(' ', '')):.0f}"
    if re.fullmatch(r"[0-9]{3,}0{6}", text):  # 8.12E+09, saved again as the number that it shows.
        return "", LOST_DIGITS
    found = dict(filter(None, map(_phone, re.split(r"[/;,&|]|\bdan\b|\batau\b|  ", text))))
    for number, told in found.items():
        notes = (told, "" if number.startswith("08") else LANDLINE, SEVERAL if len(found) > 1 else "")
        return number, "; ".join(filter(None, notes))
    digits = re.sub(r"[^0-9]", "", text)
    shown = f"••••{digits[4:][-4:]}" if digits else f"“{text[:40]}”" if re.search(r"\w", text) else ""
    return "", f"{NO_PHONE}: {shown}" if shown else ""


def _phone(text: str) -> tuple[str, str] | None:
    """(digits, what is to be said) of one number; None where other letters than those like digits stand in it."""
    words = re.findall(r"(?:[^\W_]|\+)+", text)
    numbers = [_NUMBER.fullmatch(word) for word in words if re.search("[0-9]|^[Oo]{2,}$", word)]
    typed = "".join((number[1] or number[2]) if number else "?" for number in numbers)
    digits = typed.translate(_AS_DIGITS)
    if digits.startswith("8") or re.fullmatch(r"[2-7][0-9]{8,9}", digits):
        digits = f"0{digits}"
    number = clean_phone(digits)
    return (number, LETTERS.format(typed[-4:]) if re.search("[OolI]", typed) else "") if number else None


def read_sex(text: str) -> str:
    """L, P, or "" for what is neither."""
    return _SEXES.get(re.sub(r"[^a-z]", "", text.casefold()), "")


def called_sex(name: str) -> str:
    """L or P where somebody is called Bapak or Ibu, or has been on the hajj as a woman; else ""."""
    first = name.casefold().replace(".", " ").split()[:1]
    return "P" if first == ["hj"] else _CALLED.get("".join(first), "")
