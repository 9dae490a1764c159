"""The subject of a column, by the words of its heading."""

import re

FIELDS = {
    "nama": "Nama",
    "desa": "Desa atau kelurahan",
    "kecamatan": "Kecamatan",
    "hp": "Nomor HP atau WA",
    "jk": "L/P",
    "jk-l": "Tanda di kolom L",
    "jk-p": "Tanda di kolom P",
    "jabatan": "Jabatan atau unsur",
    "gelar": "Gelar",
}
"""What a column may be taken for -> what it is called on screen."""

NUMBERING, LEFT_OUT, ADDRESS = "nomor", "tidak diambil", "alamat"
LONGEST_HEADING = 60
_WORDS = tuple(
    (field, re.compile(words))
    for field, words in (
        (LEFT_OUT, r"\b(nik|ktp|kk|kartu keluarga|rek(ening)?|npwp|bpjs|lahir|ttl|usia|umur|agama|ibu kandung)\b"),
        (NUMBERING, r"^(no|nomor|no urut|nomor urut|num|urut)$"),
        ("hp", r"\b(hp|wa|whats ?app|tele?p(h?on|on)?|telp|telepon|handphone|ponsel|kontak|contact)\b"),
        ("jk", r"\b(jenis kelamin|kelamin|j k|jk|gender)\b|^(l p|lp|p l|lk pr)$"),
        ("jk-l", r"^(l|lk|laki laki|pria)$"),
        ("jk-p", r"^(p|pr|perempuan|wanita)$"),
        ("desa", r"\b(desa|kelurahan|kel|ds|desa kelurahan|wilayah tugas)\b"),
        ("kecamatan", r"\b(kecamatan|kec)\b"),
        ("jabatan", r"\b(jabatan|unsur|kedudukan|utusan|perwakilan)\b"),
        ("gelar", r"^gelar( (depan|belakang|akademik))?$"),
        ("nama", r"^(nama|peserta|name)$|\bnama (lengkap|peserta|psm|anggota|calon|dan gelar|petugas|kader|relawan)"),
        (ADDRESS, r"\b(alamat|dusun|tempat tinggal)\b"),
    )
)
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
    found = [field for field, pattern in _WORDS if pattern.search(words)]
    if _OTHERS_NAME.search(words):
        found = [field for field in found if field != "nama"]
    return found[0] if found else ""
