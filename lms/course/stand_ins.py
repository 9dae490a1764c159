"""The words of the examples that an editor puts into a text: whoever left them there is told."""

import re
from collections.abc import Iterable

from lms.course.lines import Line, heading_of
from lms.course.notes import Notes
from lms.course.questions.base import quoted

MARKS = re.compile(r"(?:#+|[>*+-]|[0-9]+[.)])?[ \t]*(?:\[[ xX]\][ \t]*)?(?:\*\*[^*]*\.\*\*[ \t]*)?")

STAND_INS = frozenset(
    """
Judul pelajaran
Judul bagian
Bagian pertama
Tulis isinya di sini.
butir pertama
langkah pertama
Kalimat yang perlu diingat.
Ceritakan satu kejadian singkat.
Sebutkan kekeliruan yang sering terjadi.
Dulu begini, sekarang begitu.
Judul soal
Judul soal banyak jawaban
Judul soal latihan
Judul soal kuis
Judul pernyataan
Judul isian
Judul urutan
Judul pasangan
Judul tulisan
Judul soal pertama
Judul soal kedua
Tulis pernyataannya di sini.
Jawaban yang benar
Jawaban yang keliru
Jawaban keliru lainnya
Yang termasuk
Ini juga termasuk
Yang tidak termasuk
Mengapa ini benar.
Mengapa ini belum tepat.
Mengapa ini tidak termasuk.
Mengapa tidak salah.
Penjelasan setelah baris kosong dibaca sesudah dinilai.
Nama aturan, nomor, dan tahunnya
Nama istilah | nama lain
Artinya, paling banyak 60 kata.
Tulis pilihan yang salah.
Tulis pilihan yang benar.
Tulis pilihan yang sering dikira benar.
Tulis pilihan yang salah tetapi masuk akal.
Tulis pilihan lain yang salah.
Tulis mengapa pilihan ini salah.
Tulis jawaban benar yang pertama.
Tulis jawaban yang mengecoh
Tulis jawaban yang benar
Tulis langkah yang terasa wajar tetapi terburu-buru.
Tulis langkah pertama yang baik.
Tulis langkah yang benar tadi tetapi tidak cocok lagi.
Tulis langkah yang pertama
Tulis hal pertama
Tulis hal kedua
Tulis yang pertama
Tulis apa yang dipasangkan.
Tulis pertanyaan yang dijawab dengan satu angka atau satu kata.
""".strip().split("\n")
)


def note_stand_ins(lines: Iterable[Line], notes: Notes) -> None:
    """Note the first of them under each heading."""
    told = False
    for line in lines:
        told = told and not heading_of(line)
        text = line.text.strip()
        words = MARKS.sub("", text, count=1)
        if not line.code and not told and words in STAND_INS:
            notes.warn(line.number, f"contoh {quoted(words)} belum diganti; tulis kata Anda sendiri")
            told = True
