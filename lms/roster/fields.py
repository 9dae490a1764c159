"""The subject of a column, by the words of its heading."""

import re
import tomllib
from pathlib import Path

_COLUMNS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("kolom.toml").read_text(encoding="utf-8"))
FIELDS = _COLUMNS["sebutan"]
"""What a column may be taken for -> what it is called on screen."""

NUMBERING, LEFT_OUT, ADDRESS = "nomor", "tidak diambil", "alamat"
LONGEST_HEADING = 60
_WORDS = {field: re.compile(words) for field, words in _COLUMNS["judul"].items()}
_ON_CARD = re.compile(r"\b(?:no |nomor )?(?:e )?(?:nik|ktp)(?: el)?\b")
_TAKEN = {"nama", "alamat", "desa", "kelurahan", "kecamatan"}
"""These are taken even where a card is spoken of ("Nama sesuai KTP", "Nama / NIK"): its number is cut out."""
_OTHERS_NAME = re.compile(r"\bnama (desa|kelurahan|kecamatan|kec|kel|ds)\b")
_LIST_TITLE = re.compile(r"\b(daftar|data|rekap|laporan|kegiatan|lampiran|nomor surat)\b")


def field_of(heading: str) -> str:
    """The field that a heading names, or "" for none; what nobody needs is LEFT_OUT."""
    if not heading or len(heading) > LONGEST_HEADING:
        return ""
    words = re.sub(r"\b([a-z]) (?=[a-z]\b)", r"\1", " ".join(re.findall(r"[a-z]+", heading.casefold())))
    if _LIST_TITLE.search(words):
        return ""
    if _TAKEN.intersection(words.split()):
        words = " ".join(re.sub(r"\b(?:sesuai|menurut|dan)\b", "", _ON_CARD.sub("", words)).split())
    found = [field for field, pattern in _WORDS.items() if pattern.search(words)]
    if _OTHERS_NAME.search(words):
        found = [field for field in found if field != "nama"]
    return found[0] if found else ""
