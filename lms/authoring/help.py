"""How to write, in plain words: every rule of the format with an example that the editor inserts.

The same entries stand on the page of help, beside the text that is written, and behind the buttons above it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from lms.core.check_file import Role
from lms.core.dates import tanggal

Where = Literal["utuh", "kalimat", "blok", "soal", "akhir"]
"""Where an example goes: a file by itself, into a sentence, as a block, as a question of a pool, at the end."""

TODAY = "24 November 2026"
LESSON: tuple[Role, ...] = ("pelajaran",)
QUESTIONS: tuple[Role, ...] = ("pelajaran", "tes")
PROSE: tuple[Role, ...] = ("pelajaran", "cerita", "istilah")


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: what it is for, an example, and the words in it that a writer replaces first.

    `roles` are the texts it is offered in; `icon` is that of its button, "" where it has none.
    """

    slug: str
    title: str
    words: str
    example: str
    select: str
    where: Where
    roles: tuple[Role, ...]
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading of the help; one menu of buttons where they have icons."""

    slug: str
    title: str
    entries: tuple[Entry, ...]


LESSON_SHAPE = Group(
    "bentuk",
    "Bentuk pelajaran",
    (
        Entry(
            "pelajaran",
            "Sebuah pelajaran",
            "Baris pertama ialah judulnya, dengan satu tanda pagar. Judul hanya satu. Setelah itu tujuan, lalu isi.",
            "# Judul pelajaran\n\nSetelah pelajaran ini Anda dapat menyebut satu hal.\n\n"
            "## Bagian pertama\n\nTulis isinya di sini.\n\n## Dasar hukum\n\n- Nama aturan, nomor, dan tahunnya\n\n"
            f"Diperiksa: {TODAY}\n",
            "Judul pelajaran",
            "utuh",
            LESSON,
        ),
        Entry(
            "judul",
            "Judul bagian",
            "Dua tanda pagar dan satu spasi membuka bagian baru.",
            "## Judul bagian",
            "Judul bagian",
            "blok",
            PROSE[:2],
            "judul",
        ),
        Entry(
            "tebal",
            "Tebal",
            "Dua bintang sebelum dan sesudah kata. Pilih katanya dulu, lalu tekan tombolnya.",
            "**kata penting**",
            "kata penting",
            "kalimat",
            PROSE,
            "tebal",
        ),
        Entry(
            "miring",
            "Miring",
            "Satu bintang sebelum dan sesudah kata, misalnya untuk kata asing.",
            "*kata asing*",
            "kata asing",
            "kalimat",
            PROSE,
            "miring",
        ),
        Entry(
            "daftar",
            "Daftar",
            "Setiap butir dimulai dengan tanda kurang dan satu spasi.",
            "- butir pertama\n- butir kedua\n- butir ketiga",
            "butir pertama",
            "blok",
            PROSE,
            "daftar",
        ),
        Entry(
            "nomor",
            "Daftar bernomor",
            "Untuk langkah yang berurutan. Nomor, titik, lalu satu spasi.",
            "1. langkah pertama\n2. langkah kedua\n3. langkah ketiga",
            "langkah pertama",
            "blok",
            PROSE,
            "nomor",
        ),
        Entry(
            "tabel",
            "Tabel",
            "Baris pertama ialah kepala tabel. Garis tegak memisahkan kolom. Di HP setiap baris menjadi kartu.",
            "| Siapa | Tugasnya |\n|---|---|\n| Kepala desa | Menandatangani |\n| Kader | Mencatat |",
            "Siapa",
            "blok",
            LESSON,
            "tabel",
        ),
        Entry(
            "tautan",
            "Tautan ke situs",
            "Kata yang diketuk di kurung siku, alamatnya di kurung biasa.",
            "[nama situsnya](https://kemensos.go.id)",
            "nama situsnya",
            "kalimat",
            PROSE,
            "tautan",
        ),
    ),
)

PICTURES = Group(
    "gambar",
    "Gambar",
    (
        Entry(
            "gambar",
            "Gambar",
            "Tombol Gambar mengecilkan foto dan menuliskan baris ini. Teks di kurung siku menyebut apa yang terlihat, "
            "bagi pembaca yang tidak melihat gambarnya.",
            "![Dua orang berbicara di teras rumah](media/teras.jpg)",
            "Dua orang berbicara di teras rumah",
            "blok",
            LESSON,
        ),
    ),
)

CALLOUTS = Group(
    "kotak",
    "Kotak",
    (
        Entry(
            "ingat",
            "Ingat",
            "Satu kalimat yang perlu melekat. Dimulai dengan tanda lebih besar.",
            "> **Ingat.** Kalimat yang perlu diingat.",
            "Kalimat yang perlu diingat.",
            "blok",
            LESSON,
            "ingat",
        ),
        Entry(
            "contoh",
            "Contoh",
            "Kejadian atau kalimat yang dapat ditiru. Pakai nama rekaan.",
            "> **Contoh.** Ceritakan satu kejadian singkat.",
            "Ceritakan satu kejadian singkat.",
            "blok",
            LESSON,
            "contoh",
        ),
        Entry(
            "hati-hati",
            "Hati-hati",
            "Kekeliruan yang sering terjadi dan akibatnya.",
            "> **Hati-hati.** Sebutkan kekeliruan yang sering terjadi.",
            "Sebutkan kekeliruan yang sering terjadi.",
            "blok",
            LESSON,
            "awas",
        ),
        Entry(
            "yang-berubah",
            "Yang berubah",
            "Aturan atau sebutan lama dan penggantinya.",
            "> **Yang berubah.** Dulu begini, sekarang begitu.",
            "Dulu begini, sekarang begitu.",
            "blok",
            LESSON,
            "berubah",
        ),
    ),
)

POOLS = Group(
    "soal",
    "Soal",
    (
        Entry(
            "pilihan",
            "Satu jawaban",
            "Tanda [x] untuk yang benar, [ ] untuk yang salah. Baris di bawah pilihan menjelaskan alasannya.",
            "### Judul soal\n\nApa yang Anda lakukan?\n\n- [x] Jawaban yang benar\n  > Mengapa ini benar.\n"
            "- [ ] Jawaban yang keliru\n  > Mengapa ini belum tepat.\n- [ ] Jawaban keliru lainnya\n"
            "  > Mengapa ini belum tepat.",
            "Judul soal",
            "soal",
            QUESTIONS,
            "satu",
        ),
        Entry(
            "pilihan-ganda",
            "Beberapa jawaban",
            "Dua [x] atau lebih: peserta memilih semua yang benar, dan semuanya harus tepat.",
            "### Judul soal banyak jawaban\n\nMana saja yang termasuk?\n\n- [x] Yang termasuk\n"
            "- [x] Ini juga termasuk\n- [ ] Yang tidak termasuk\n  > Mengapa ini tidak termasuk.",
            "Judul soal banyak jawaban",
            "soal",
            QUESTIONS,
            "banyak",
        ),
        Entry(
            "benar-salah",
            "Benar atau salah",
            "Sebuah pernyataan. Tandai Benar atau Salah, lalu beri alasan pada yang keliru.",
            "### Judul pernyataan\n\nTulis pernyataannya di sini.\n\n"
            "- [x] Benar\n- [ ] Salah\n  > Mengapa tidak salah.",
            "Judul pernyataan",
            "soal",
            QUESTIONS,
            "benar",
        ),
        Entry(
            "isian",
            "Isian singkat",
            "Jawaban lain yang juga diterima dipisahkan garis tegak. Rentang angka ditulis 58..60.",
            "### Judul isian\n\nBerapa batas umurnya?\n\nJawaban: 60 | enam puluh",
            "Judul isian",
            "soal",
            QUESTIONS,
            "isian",
        ),
        Entry(
            "urutan",
            "Urutkan",
            "Tulis langkahnya dalam urutan yang benar; peserta melihatnya teracak.",
            "### Judul urutan\n\nBagaimana urutannya?\n\nUrutkan:\n\n"
            "1. Langkah pertama\n2. Langkah kedua\n3. Langkah ketiga",
            "Judul urutan",
            "soal",
            QUESTIONS,
            "urut",
        ),
        Entry(
            "jodoh",
            "Jodohkan",
            "Tabel dua kolom: kiri yang ditanya, kanan pasangannya.",
            "### Judul pasangan\n\nApa pasangannya?\n\nJodohkan:\n\n| Peran | Contoh |\n|---|---|\n"
            "| Mendata | Mencatat warga yang belum terlayani |\n| Menghubungkan | Mengantar warga ke puskesmas |",
            "Judul pasangan",
            "soal",
            QUESTIONS,
            "jodoh",
        ),
        Entry(
            "bebas",
            "Tulisan bebas",
            "Peserta menulis, pelatih membaca. Tidak dinilai dan selalu ditanyakan.",
            "### Judul tulisan\n\nCeritakan satu pengalaman Anda. Jangan menyebut nama.\n\nJawaban: bebas",
            "Judul tulisan",
            "soal",
            LESSON,
            "tulis",
        ),
        Entry(
            "latihan",
            "Bagian latihan",
            "Langsung dinilai di halaman dan tidak dicatat. Soal di bawahnya dimulai dengan tiga tanda pagar.",
            "## Latihan\n\n### Judul soal latihan\n\nApa jawaban Anda?\n\n- [x] Jawaban yang benar\n"
            "- [ ] Jawaban yang keliru\n  > Mengapa ini belum tepat.",
            "Judul soal latihan",
            "blok",
            LESSON,
        ),
        Entry(
            "kuis",
            "Bagian kuis",
            "Dinilai dan dicatat. Angka sesudah ambil: berapa soal yang ditanyakan secara acak.",
            "## Kuis (ambil 1)\n\n### Judul soal kuis\n\nApa jawaban Anda?\n\n- [x] Jawaban yang benar\n"
            "- [ ] Jawaban yang keliru\n  > Mengapa ini belum tepat.\n\n"
            "Penjelasan setelah baris kosong dibaca sesudah dinilai.",
            "Judul soal kuis",
            "blok",
            LESSON,
        ),
    ),
)

ABOUT = Group(
    "sekitar",
    "Tautan dan sumber",
    (
        Entry(
            "pelajaran-lain",
            "Tautan ke pelajaran",
            "Alamatnya ialah nama berkas pelajaran itu. Pilih dari daftar di menu Lain, supaya tidak salah ketik.",
            "[judul pelajaran lain](pelajaran-lain.md)",
            "judul pelajaran lain",
            "kalimat",
            LESSON,
        ),
        Entry(
            "dasar-hukum",
            "Dasar hukum",
            "Aturan yang menjadi sandaran, dan kapan Anda terakhir memeriksanya. Ditulis paling bawah.",
            f"## Dasar hukum\n\n- Nama aturan, nomor, dan tahunnya\n\nDiperiksa: {TODAY}",
            "Nama aturan, nomor, dan tahunnya",
            "akhir",
            LESSON,
            "hukum",
        ),
    ),
)

TERMS = Group(
    "istilah",
    "Daftar istilah",
    (
        Entry(
            "istilah",
            "Istilah baru",
            "Nama lain ditulis sesudah garis tegak. Kata mudah ditawarkan kepada penulis pelajaran; boleh dihapus.",
            "## Nama istilah | nama lain\n\nArtinya, paling banyak 60 kata.\n\nKata mudah: kata sehari-hari",
            "Nama istilah",
            "akhir",
            ("istilah",),
            "istilah",
        ),
    ),
)

OTHERS = Group(
    "berkas",
    "Berkas lain",
    (
        Entry(
            "materi",
            "Materi di kursus.toml",
            "Satu materi ialah satu baris di belakang sertifikat. Urutan pelajaran ialah urutan di daftar ini.",
            '[[materi]]\njudul = "Judul materi"\njp_daring = 1\njp_tatap_muka = 1\n'
            'tujuan = ["Menjelaskan satu hal"]\npelajaran = ["materi/pelajaran-lain.md"]',
            "Judul materi",
            "akhir",
            ("kursus",),
        ),
        Entry(
            "kumpulan",
            "Kumpulan soal tes",
            "Satu kumpulan untuk setiap materi, dengan nama materinya. Soalnya paling sedikit dua kali angka ambil. "
            "Tujuan menyebut tujuan ke berapa dari materi itu yang diuji.",
            "## Kuis: Judul materi (ambil 1)\n\n### Judul soal pertama\n\nTujuan: 1\n\n"
            "Apa jawaban Anda?\n\n- [x] Jawaban yang benar\n"
            "- [ ] Jawaban yang keliru\n  > Mengapa ini belum tepat.\n\n### Judul soal kedua\n\nTujuan: 1\n\n"
            "Berapa banyaknya?\n\nJawaban: 12 | dua belas",
            "Judul materi",
            "akhir",
            ("tes",),
        ),
        Entry(
            "isian-formulir",
            "Isian formulir",
            "Nama dipakai program dan tidak boleh kembar. Jenisnya: teks, uraian, angka, tanggal, pilihan, "
            "pilihan-ganda, atau ya-tidak.",
            '[[bagian]]\njudul = "A. Pembukaan"\n\n[[bagian.isian]]\nnama = "persetujuan"\n'
            'label = "Bentuk persetujuan"\njenis = "pilihan"\nwajib = true\n'
            'bantuan = "Pilih yang benar-benar terjadi."\n'
            'pilihan = { tertulis = "Setuju secara tertulis", lisan = "Setuju secara lisan" }',
            "A. Pembukaan",
            "blok",
            ("formulir",),
        ),
    ),
)

GROUPS = (LESSON_SHAPE, CALLOUTS, POOLS, PICTURES, ABOUT, TERMS, OTHERS)
"""In the order of the help."""


def groups_for(role: Role | None, today: date) -> list[Group]:
    """The help for a text of this kind, or all of it; its dates are today's."""
    found = [(group, [_dated(entry, today) for entry in _offered(group, role)]) for group in GROUPS]
    return [replace(group, entries=tuple(entries)) for group, entries in found if entries]


def _offered(group: Group, role: Role | None) -> Iterable[Entry]:
    return [entry for entry in group.entries if role is None or role in entry.roles]


def _dated(entry: Entry, today: date) -> Entry:
    return replace(entry, example=entry.example.replace(TODAY, tanggal(today)))
