"""A picture as a course keeps it, what is taken in told by its content, and how it comes back from a child process."""

import json
from dataclasses import dataclass

LARGEST = 5 * 2**20
KINDS = "JPG, PNG, WebP, GIF, atau SVG"
UNKNOWN = f"Isi berkas ini bukan gambar yang dikenal. Pakai {KINDS}."
BROKEN = "Gambar ini rusak atau terpotong. Buka di HP atau komputer Anda, simpan sekali lagi, lalu unggah hasilnya."
HEIC = (
    "Foto ini berformat HEIC, bawaan iPhone, yang tidak dapat dibuka semua HP. Kirim fotonya ke WhatsApp Anda sendiri, "
    "simpan dari sana, lalu unggah hasilnya. Atau: Pengaturan, Kamera, Format, Paling Kompatibel, lalu foto lagi."
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_NOT_PICTURES = {
    b"%PDF": "Ini berkas PDF. Ambil tangkapan layar halaman yang diperlukan, lalu unggah gambarnya.",
    b"PK\x03\x04": "Ini dokumen atau arsip, bukan gambar. Simpan dulu gambarnya dari dokumen itu, lalu unggah.",
    b"BM": f"Ini gambar BMP. Simpan sebagai PNG atau JPG, lalu unggah; yang diterima: {KINDS}.",
    b"II*\0": f"Ini gambar TIFF. Simpan sebagai PNG atau JPG, lalu unggah; yang diterima: {KINDS}.",
    b"MM\0*": f"Ini gambar TIFF. Simpan sebagai PNG atau JPG, lalu unggah; yang diterima: {KINDS}.",
}
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_LOOKED_AT = 4096


class PictureRefused(Exception):
    """Why a picture is not taken and what to do, in words for a person."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew; `kind` is the end of its file's name."""

    data: bytes
    kind: str
    width: int
    height: int


def is_drawing(data: bytes) -> bool:
    """Tell whether this begins as SVG does."""
    start = data[:_LOOKED_AT].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe")
    return start.removeprefix(b"\xfe\xff").lstrip().startswith(b"<") and b"<svg" in start


def refuse_others(data: bytes) -> None:
    """Raise PictureRefused for what is too large, or no picture by its first bytes."""
    if not data:
        raise PictureRefused("Belum ada gambar. Pilih gambarnya dulu.")
    if len(data) > LARGEST:
        size = f"Gambar ini {len(data) / 2**20:.1f} MB; paling besar 5 MB.".replace(".", ",", 1)
        raise PictureRefused(f"{size} Kirim dulu ke WhatsApp Anda sendiri, lalu unggah dari sana.")
    if data[4:8] == b"ftyp":
        raise PictureRefused(HEIC if data[8:12] in _HEIC_BRANDS else f"Ini video atau gambar AVIF. Pakai {KINDS}.")
    for start, words in _NOT_PICTURES.items():
        if data.startswith(start):
            raise PictureRefused(words)
    if not (data.startswith(_BEGINNINGS) or (data[:4], data[8:12]) == (b"RIFF", b"WEBP") or is_drawing(data)):
        raise PictureRefused(UNKNOWN)


def packed(made: Picture | str) -> bytes:
    """A picture, or why there is none, as bytes: a line of JSON, then those of the picture."""
    if isinstance(made, str):
        return json.dumps({"refused": made}).encode()
    return json.dumps({"kind": made.kind, "size": (made.width, made.height)}).encode() + b"\n" + made.data


def unpacked(answer: bytes) -> Picture:
    """The picture that was packed; raises PictureRefused when there was none."""
    head, _, data = answer.partition(b"\n")
    told = json.loads(head)
    if "refused" in told:
        raise PictureRefused(told["refused"])
    return Picture(data, told["kind"], *told["size"])
