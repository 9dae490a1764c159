"""The record of each personal column: what for, on what basis, how long, seen by whom.

The record of processing, the retention command and the copy that a person downloads all follow these labels. The words
are the office's, hence Indonesian; the articles are those of UU 27/2022 as we read it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ERASED = "(dihapus)"
"""What stands in place of a name or a text that was erased."""

ERASED_ANSWER = f'["{ERASED}"]'
"""The same in the JSON column of an answer."""

MONTH, YEAR = 30, 365
Info = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Keep:
    """How long something is held, in words and for the retention command.

    With `days`, a row goes when the first of its moments `since` lies further back; with `blanks` the row stays and
    ERASED takes the place of this column.
    """

    words: str
    days: int | None = None
    since: tuple[str, ...] = ()
    blanks: bool = False


@dataclass(frozen=True, slots=True)
class Personal:
    """The label of one column; `label` is what its person calls it."""

    label: str
    purpose: str
    basis: str
    retention: Keep
    seen_by: str

    @property
    def is_secret(self) -> bool:
        """Whether nobody may read it, its person neither: hashes."""
        return self.seen_by == NOBODY


SERVICE = "Tugas pelayanan publik (Pasal 20)"
CONSENT = "Persetujuan: diisi sukarela (Pasal 20 dan 22)"
RIGHTS = "Kewajiban melayani hak pemilik data (Pasal 20 dan 30)"


def _use(purpose: str, retention: Keep, seen_by: str, basis: str = SERVICE) -> Callable[[str], Info]:
    return lambda label: {"data": Personal(label, purpose, basis, retention, seen_by)}


SELF = "Orangnya sendiri"
ADMINS = "Orangnya sendiri dan pengelola"
TRAINERS = "Orangnya sendiri dan pelatih angkatannya"
NOBODY = "Tidak seorang pun; hanya sidiknya disimpan"
HOLDERS = "Pemilik, pelatih angkatannya, pengelola lewat buku register, dan siapa pun yang memegang lembarnya"

ACCOUNT = Keep("Selama akun ada; dikosongkan bila dihapus atas permintaan")
LEARNED = Keep("Selama akun ada; setelah penghapusan tinggal tanpa nama")
FOR_EVER = Keep("Seterusnya, sebagai arsip kantor")
TWO_YEARS = Keep("2 tahun setelah ditulis, lalu isinya dikosongkan", 2 * YEAR, ("at",), blanks=True)


def _rows(words: str, days: int, *since: str) -> Keep:
    return Keep(f"{words}, lalu baris dihapus", days, since)


IDENTITY = _use("Mengenali peserta dan menulis namanya pada sertifikat", ACCOUNT, TRAINERS)
LISTED = _use("Mengisi daftar hadir dan laporan kegiatan", ACCOUNT, TRAINERS)
PHONE = _use(
    "Membantu bila kartu hilang dan mengabari yang tertinggal",
    ACCOUNT,
    "Orangnya sendiri; pelatih angkatannya setelah menekan “Tampilkan nomor”, dan itu dicatat",
    CONSENT,
)
LISTED_ROW = _use(
    "Memasukkan daftar peserta, dan membatalkannya bila keliru",
    _rows("30 hari setelah diunggah", MONTH, "at"),
    TRAINERS,
)
ACCESS = _use("Masuk ke situs", ACCOUNT, SELF)
SECRET = _use("Masuk ke situs", ACCOUNT, NOBODY)
RIGHT = _use("Menentukan siapa boleh mengurus apa", ACCOUNT, ADMINS)
STATE = _use("Mengurus akun", LEARNED, ADMINS)
DEVICE = _use(
    "Tetap masuk di HP sendiri dan mengeluarkan HP yang hilang",
    _rows("90 hari setelah keluar atau kedaluwarsa", 90, "ended_at", "expires_at"),
    SELF,
)
NOTICE = _use("Membuktikan pemberitahuan data yang diperlihatkan", LEARNED, SELF, RIGHTS)
JOINING = _use(
    "Agar formulir yang terkirim dua kali tidak mendaftarkan dua orang",
    _rows("30 hari setelah mendaftar", MONTH, "at"),
    SELF,
)
CHANGE = _use("Menelusuri perbaikan data yang keliru", _rows("1 tahun setelah diperbaiki", YEAR, "at"), SELF, RIGHTS)
ERASURE = _use(
    "Melayani permintaan penghapusan dalam 72 jam",
    _rows("5 tahun setelah selesai", 5 * YEAR, "done_at", "withdrawn_at"),
    ADMINS,
    RIGHTS,
)
_CODE_LIFE = _rows("30 hari setelah kedaluwarsa", MONTH, "expires_at")
CODE = _use("Membantu masuk tanpa kartu", _CODE_LIFE, SELF)
CODE_SECRET = _use("Membantu masuk tanpa kartu", _CODE_LIFE, NOBODY)
LIMIT = _use("Mencegah orang menebak kartu, PIN, dan sandi", _rows("2 hari", 2, "window"), "Tidak seorang pun")
# A leap day more than the trigger asks for, which counts in calendar years.
AUDIT = _use(
    "Mempertanggungjawabkan siapa berbuat apa; tanpa isi datanya", _rows("5 tahun", 5 * YEAR + 2, "at"), ADMINS
)
STAFF = _use("Mempertanggungjawabkan keputusan petugas", LEARNED, "Petugas kursus atau angkatannya")
PART = _use("Menyelenggarakan pelatihan", LEARNED, TRAINERS)
ATTENDED = _use("Mencatat kehadiran, yang menjadi syarat sertifikat", LEARNED, TRAINERS)
SURVEYED = _use("Agar setiap orang mengisi survei satu kali; isinya tanpa nama", LEARNED, SELF)
SPEAKING = _use("Menyusun acara dan laporan kegiatan", FOR_EVER, "Peserta dan pelatih angkatannya")
PROGRESS = _use("Melanjutkan belajar dan memenuhi syarat sertifikat", LEARNED, TRAINERS)
WRITTEN = _use("Menilai kuis, tes, dan formulir; menanggapi tulisan", TWO_YEARS, TRAINERS)
PLANNED = _use("Menindaklanjuti pelatihan", TWO_YEARS, TRAINERS)
FOLLOWED = _use("Menindaklanjuti pelatihan", LEARNED, TRAINERS)
ASKED = _use("Menjawab pertanyaan dan laporan kekeliruan", TWO_YEARS, TRAINERS, CONSENT)
SHEET = _use("Membuktikan pelatihan; dapat diperiksa siapa pun yang memegang lembarnya", FOR_EVER, HOLDERS)
SIGNED = _use("Menandatangani sertifikat sebagai pejabat", FOR_EVER, HOLDERS)

TABLES = {
    "person": "Orang",
    "device": "Perangkat",
    "notice_agreement": "Pemberitahuan data",
    "joining": "Formulir pendaftaran",
    "person_change": "Perbaikan data",
    "erasure_request": "Permintaan penghapusan",
    "one_time_code": "Kode sekali pakai",
    "limit_count": "Hitungan percobaan masuk",
    "course_editor": "Hak menyunting kursus",
    "membership": "Keanggotaan angkatan",
    "enrolment": "Kursus yang diikuti",
    "reading": "Pelajaran selesai",
    "attempt": "Percobaan kuis, tes, dan formulir",
    "answer": "Jawaban",
    "grading": "Penilaian",
    "extra_try": "Kesempatan tambahan",
    "reflection_reply": "Tanggapan pelatih atas tulisan",
    "inquiry": "Pertanyaan dan laporan",
    "inquiry_reply": "Balasan atas pertanyaan",
    "certificate": "Sertifikat",
    "certificate_event": "Riwayat sertifikat",
    "exemption": "Pengecualian syarat sertifikat",
    "signed_sheet": "PDF bertanda tangan elektronik",
    "trusted_certificate": "Tanda tangan elektronik yang dipercaya",
    "audit_entry": "Catatan perbuatan",
    "draft_file": "Rancangan kursus",
    "publication": "Penerbitan kursus",
    "ruling": "Keputusan atas soal",
    "signer": "Penanda tangan",
    "number_block": "Nomor yang diambil manual",
    "cohort": "Angkatan",
    "meeting": "Pertemuan",
    "attendance": "Kehadiran",
    "survey_ticket": "Survei",
    "action_plan": "Rencana tindak lanjut",
    "job": "Pekerjaan panjang",
    "import_batch": "Daftar yang diunggah",
    "import_row": "Baris daftar",
}
"""What each table with personal columns is called."""
