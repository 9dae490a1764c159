"""What the office must be able to say of each personal column: what for, on what basis, how long, seen by whom.

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


def _use(purpose: str, basis: str, retention: Keep, seen_by: str) -> Callable[[str], Info]:
    return lambda label: {"data": Personal(label, purpose, basis, retention, seen_by)}


SERVICE = "Tugas pelayanan publik (Pasal 20)"
CONSENT = "Persetujuan: diisi sukarela (Pasal 20 dan 22)"
RIGHTS = "Kewajiban melayani hak pemilik data (Pasal 20 dan 30)"

SELF = "Orangnya sendiri"
TRAINERS = "Orangnya sendiri dan pelatih angkatannya"
NOBODY = "Tidak seorang pun; hanya sidiknya disimpan"
HOLDERS = "Pemilik, pelatih angkatannya, pengelola lewat buku register, dan siapa pun yang memegang lembarnya"

ACCOUNT = Keep("Selama akun ada; dikosongkan bila dihapus atas permintaan")
LEARNED = Keep("Selama akun ada; setelah penghapusan tinggal tanpa nama")
FOR_EVER = Keep("Seterusnya, sebagai arsip kantor")


def _rows(words: str, days: int, *since: str) -> Keep:
    return Keep(f"{words}, lalu baris dihapus", days, since)


def _written(words: str) -> Keep:
    return Keep(f"{words}, lalu isinya dikosongkan", 2 * YEAR, ("at",), blanks=True)


IDENTITY = _use("Mengenali peserta dan menulis namanya pada sertifikat", SERVICE, ACCOUNT, TRAINERS)
LISTED = _use("Mengisi daftar hadir dan laporan kegiatan", SERVICE, ACCOUNT, TRAINERS)
PHONE = _use(
    "Membantu bila kartu hilang dan mengabari yang tertinggal",
    CONSENT,
    ACCOUNT,
    "Orangnya sendiri; pelatih angkatannya setelah menekan “Tampilkan nomor”, dan itu dicatat",
)
LISTED_ROW = _use(
    "Memasukkan daftar peserta, dan membatalkannya bila keliru",
    SERVICE,
    _rows("30 hari setelah diunggah", MONTH, "at"),
    TRAINERS,
)
ACCESS = _use("Masuk ke situs", SERVICE, ACCOUNT, SELF)
SECRET = _use("Masuk ke situs", SERVICE, ACCOUNT, NOBODY)
RIGHT = _use("Menentukan siapa boleh mengurus apa", SERVICE, ACCOUNT, "Orangnya sendiri dan pengelola")
STATE = _use("Mengurus akun", SERVICE, LEARNED, "Orangnya sendiri dan pengelola")
DEVICE = _use(
    "Tetap masuk di HP sendiri dan mengeluarkan HP yang hilang",
    SERVICE,
    _rows("90 hari setelah keluar atau kedaluwarsa", 90, "ended_at", "expires_at"),
    SELF,
)
NOTICE = _use("Membuktikan pemberitahuan data yang diperlihatkan", RIGHTS, LEARNED, SELF)
JOINING = _use(
    "Agar formulir yang terkirim dua kali tidak mendaftarkan dua orang",
    SERVICE,
    _rows("30 hari setelah mendaftar", MONTH, "at"),
    SELF,
)
CHANGE = _use("Menelusuri perbaikan data yang keliru", RIGHTS, _rows("1 tahun setelah diperbaiki", YEAR, "at"), SELF)
ERASURE = _use(
    "Melayani permintaan penghapusan dalam 72 jam",
    RIGHTS,
    _rows("5 tahun setelah selesai", 5 * YEAR, "done_at", "withdrawn_at"),
    "Orangnya sendiri dan pengelola",
)
_CODE_LIFE = _rows("30 hari setelah kedaluwarsa", MONTH, "expires_at")
CODE = _use("Membantu masuk tanpa kartu", SERVICE, _CODE_LIFE, SELF)
CODE_SECRET = _use("Membantu masuk tanpa kartu", SERVICE, _CODE_LIFE, NOBODY)
LIMIT = _use("Mencegah orang menebak kartu, PIN, dan sandi", SERVICE, _rows("2 hari", 2, "window"), "Tidak seorang pun")
AUDIT = _use(
    "Mempertanggungjawabkan siapa berbuat apa; tanpa isi datanya",
    SERVICE,
    # A leap day more than the trigger asks for, which counts in calendar years.
    _rows("5 tahun", 5 * YEAR + 2, "at"),
    "Orangnya sendiri dan pengelola",
)
STAFF = _use("Mempertanggungjawabkan keputusan petugas", SERVICE, LEARNED, "Petugas kursus atau angkatannya")
PART = _use("Menyelenggarakan pelatihan", SERVICE, LEARNED, TRAINERS)
ATTENDED = _use("Mencatat kehadiran, yang menjadi syarat sertifikat", SERVICE, LEARNED, TRAINERS)
SURVEYED = _use("Agar setiap orang mengisi survei satu kali; isinya tanpa nama", SERVICE, LEARNED, SELF)
SPEAKING = _use("Menyusun acara dan laporan kegiatan", SERVICE, FOR_EVER, "Peserta dan pelatih angkatannya")
PROGRESS = _use("Melanjutkan belajar dan memenuhi syarat sertifikat", SERVICE, LEARNED, TRAINERS)
WRITTEN = _use(
    "Menilai kuis, tes, dan formulir; menanggapi tulisan", SERVICE, _written("2 tahun setelah ditulis"), TRAINERS
)
PLANNED = _use("Menindaklanjuti pelatihan", SERVICE, _written("2 tahun setelah ditulis"), TRAINERS)
FOLLOWED = _use("Menindaklanjuti pelatihan", SERVICE, LEARNED, TRAINERS)
ASKED = _use("Menjawab pertanyaan dan laporan kekeliruan", CONSENT, _written("2 tahun setelah ditulis"), TRAINERS)
REPORTED = _use(
    "Menelusuri lembar yang berbeda dari catatan kantor",
    SERVICE,
    _written("2 tahun setelah ditulis"),
    "Pemilik sertifikatnya dan pengelola",
)
SHEET = _use("Membuktikan pelatihan; dapat diperiksa siapa pun yang memegang lembarnya", SERVICE, FOR_EVER, HOLDERS)
SIGNED = _use("Menandatangani sertifikat sebagai pejabat", SERVICE, FOR_EVER, HOLDERS)

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
    "trusted_certificate": "Rantai tanda tangan elektronik",
    "difference_report": "Laporan lembar yang berbeda",
    "audit_entry": "Catatan perbuatan",
    "draft_file": "Rancangan kursus",
    "publication": "Penerbitan kursus",
    "ruling": "Keputusan atas soal",
    "signer": "Penanda tangan",
    "number_block": "Nomor yang diambil manual",
    "paper_batch": "Daftar sertifikat kertas",
    "paper_certificate": "Sertifikat kertas",
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

NOT_PERSONAL = {
    "person": "id",
    "device": "id person_id",
    "notice_agreement": "id person_id",
    "joining": "form_id person_id",
    "person_change": "id person_id",
    "erasure_request": "id person_id",
    "one_time_code": "person_id",
    "course_editor": "person_id",
    "membership": "id person_id",
    "enrolment": "id person_id",
    "reading": "enrolment_id edition_id",
    "attempt": "enrolment_id membership_id edition_id",
    "answer": "id client_id counter",
    "grading": "id",
    "extra_try": "id enrolment_id membership_id",
    "reflection_reply": "id",
    "inquiry": "form_id person_id edition_id question_hash",
    "inquiry_reply": "id",
    "certificate": "membership_id edition_id series_id revision signature key_id",
    "certificate_event": "id",
    "signed_sheet": "certificate_id hash",
    "trusted_certificate": "id fingerprint role valid_from valid_to data at removed_at reason",
    "handed_sheet": "*",
    "difference_report": "id settled_at",
    "audit_entry": "id",
    "draft_file": "course_id path blob_hash",
    "publication": "id course_id edition_id at why",
    "ruling": "id course_id question_hash kind value reason at",
    "signer": "id side is_active",
    "number_block": "id series_id year first last reason at",
    "paper_batch": "id at known refused written_at",
    "paper_certificate": "id batch_id check_key year",
    "meeting": "id cohort_id starts_at ends_at subject module jp cancelled_at",
    "attendance": "id meeting_id membership_id mark",
    "survey_ticket": "",
    "action_plan": "id membership_id number",
    "job": "id kind cohort_id title onward position total told outcome fault begun_at ended_at",
    "import_batch": "id cohort_id columns left_out at ready_at job_id",
    "import_row": "id batch_id number place state outcome person_id",
    "blob": "*",
    "cohort": "id course_id kind name code edition_id starts_on ends_on place map_link bring basis quota online_from "
    "online_until report predicates prints_scores is_open self_issue signing posttest_closed_at closed_at "
    "archived_at",
    "course": "*",
    "edition": "*",
    "edition_file": "*",
    "number_series": "*",
    "office": "*",
    "reread": "*",
    "signing_key": "*",
    "survey_response": "*",
    "period": "*",
}
"""Columns that say nothing of a person by themselves: keys, links to whose row it is, the course's own; `*`: all."""
