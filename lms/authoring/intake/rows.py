"""Questions as rows of the spreadsheet template: one question a row, one column for each part."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms.authoring.intake.draft import (
    FALSE,
    FREE,
    TRUE,
    YES_NO,
    NewQuestion,
    Option,
    ReadQuestions,
    finished,
    letters_of,
    paragraphs,
    plain,
    titled,
)
from lms.course.problems import Notes
from lms.course.questions.base import quoted

LETTERS = "ABCDEF"
COLUMNS = (
    *("soal", "jenis"),
    *(f"pilihan {letter.lower()}" for letter in LETTERS),
    *(f"umpan balik {letter.lower()}" for letter in LETTERS),
    *("kunci", "penjelasan"),
)
KINDS = ("pilihan", "benar-salah", "isian", "urutan", "jodoh", "bebas")
ALSO = {"pilihan ganda": "pilihan", "benar salah": "benar-salah", "isian singkat": "isian", "menjodohkan": "jodoh"} | {
    "mengurutkan": "urutan",
    "uraian": "bebas",
    "esai": "bebas",
}
HEADING_WITHIN = 20
ARROWS = ("->", "→", "=")


def read_rows(rows: Sequence[Sequence[str]]) -> ReadQuestions:
    """Every question of a sheet; a problem's line is the number of its row."""
    notes = Notes("lembar")
    at = next((at for at, row in enumerate(rows[:HEADING_WITHIN]) if "soal" in map(_name, row)), None)
    if at is None:
        text = 'tidak ada baris judul dengan kolom "soal"; pakai templat dari halaman ini'
        notes.galat(1, text)
        return ReadQuestions((), notes.problems)
    names = [_name(cell) for cell in rows[at]]
    for name in dict.fromkeys(name for name in names if name and name not in COLUMNS):
        notes.warn(at + 1, f"kolom {quoted(name)} tidak dikenal dan tidak dibaca; pakai nama kolom dari templat")
    questions = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells: dict[str, str] = {}
        for name, cell in zip(names, row, strict=False):
            cells.setdefault(name, cell)
        if any(map(plain, cells.values())) and (question := _Row(number, cells, notes).question()):
            questions.append(question)
    if not questions and not notes.problems:
        notes.galat(at + 1, "belum ada soal di bawah baris judul; isi satu soal pada setiap baris")
    return finished(questions, notes)


def _name(cell: str) -> str:
    return plain(cell).casefold().strip(" *:")


class _Row:
    """One row, column by name."""

    def __init__(self, number: int, cells: Mapping[str, str], notes: Notes) -> None:
        self._number, self._cells, self._notes = number, cells, notes
        self._title, self._prompt = titled(self._cells.get("soal", ""))

    def question(self) -> NewQuestion | None:
        """The question of this row, or None with a note."""
        if not plain(self._cells.get("soal", "")):
            self._refuse('kolom "soal" kosong; tulis pertanyaannya')
            return None
        kind = self._kind()
        make = {
            "pilihan": self._choice,
            "benar-salah": self._true_false,
            "isian": self._written,
            "urutan": self._ordering,
            "jodoh": self._matching,
            "bebas": self._free,
        }.get(kind)
        if make is None:
            self._refuse(f"jenis {quoted(kind)} tidak dikenal; pilih salah satu: {', '.join(KINDS)}")
            return None
        return make()

    def _refuse(self, text: str) -> None:
        self._notes.galat(self._number, text)

    def _cell(self, name: str) -> str:
        return plain(self._cells.get(name.casefold(), ""))

    def _kind(self) -> str:
        """What the row says, or what it looks like."""
        said = self._cell("jenis").casefold()
        if said:
            return ALSO.get(said, said)
        if any(self._cell(f"pilihan {letter}") for letter in LETTERS):
            return "pilihan"
        key = self._cell("kunci").casefold().strip(" .")
        return "bebas" if key in FREE else "benar-salah" if key in YES_NO else "isian"

    def _listed(self) -> list[tuple[str, str, str]]:
        """(letter, text, feedback) of the choices that were filled in."""
        found = [(each, self._cell(f"pilihan {each}"), self._cell(f"umpan balik {each}")) for each in LETTERS]
        for letter, text, feedback in found:
            if feedback and not text:
                text = f"umpan balik {letter} tidak punya pilihan {letter} dan tidak ikut; isi pilihannya dulu"
                self._notes.warn(self._number, text)
        return [each for each in found if each[1]]

    def _choice(self) -> NewQuestion | None:
        listed = self._listed()
        if len(listed) < 2:
            self._refuse("kurang dari dua pilihan; isi kolom pilihan A, pilihan B, dan seterusnya")
            return None
        key = self._cell("kunci")
        letters = letters_of(key, "".join(letter for letter, _, _ in listed))
        letters = letters or {letter for letter, text, _ in listed if key and text.casefold() == key.casefold()}
        if not letters:
            said = f"kunci {quoted(key)} bukan huruf pilihan yang terisi" if key else "kunci belum diisi"
            self._notes.warn(self._number, f"{said}; tulis hurufnya, misalnya B atau A, C")
        options = tuple(Option(text, letter in letters, feedback) for letter, text, feedback in listed)
        return self._made(NewQuestion(kind="pilihan", title=self._title, options=options))

    def _true_false(self) -> NewQuestion | None:
        key = self._cell("kunci").casefold().strip(" .")
        pair = YES_NO.get(key)
        if pair is None:
            self._notes.warn(self._number, 'kunci belum terbaca; tulis "benar" atau "salah"')
        words, truth = pair or ((TRUE, FALSE), None)
        feedback = {letter: self._cell(f"umpan balik {letter}") for letter in "AB"}
        options = tuple(
            Option(word, said is truth, feedback[letter])
            for word, said, letter in zip(words, (True, False), "AB", strict=True)
        )
        return self._made(NewQuestion(kind="pilihan", title=self._title, options=options))

    def _written(self) -> NewQuestion | None:
        accepted = tuple(dict.fromkeys(text for part in self._cell("kunci").split("|") if (text := part.strip())))
        if not accepted:
            self._notes.warn(self._number, "kunci belum diisi; tulis jawaban yang diterima, pisahkan dengan |")
        return self._made(NewQuestion(kind="isian", title=self._title, accepted=accepted))

    def _ordering(self) -> NewQuestion | None:
        steps = tuple(text for _, text, _ in self._listed())
        if len(steps) < 2:
            self._refuse("kurang dari dua langkah; isi kolom pilihan A, B, dan seterusnya menurut urutan yang benar")
            return None
        return self._made(NewQuestion(kind="urutan", title=self._title, steps=steps))

    def _matching(self) -> NewQuestion | None:
        pairs = []
        for letter, text, _ in self._listed():
            arrow = next((arrow for arrow in ARROWS if arrow in text), "=")
            left, _, right = (part.strip() for part in text.partition(arrow))
            if left and right:
                pairs.append((left, right))
            else:
                said = f'pilihan {letter} bukan pasangan dan tidak ikut; tulis seperti "kiri = kanan"'
                self._notes.warn(self._number, said)
        if len(pairs) < 2:
            self._refuse('kurang dari dua pasangan; tulis "kiri = kanan" di kolom pilihan A, B, dan seterusnya')
            return None
        return self._made(NewQuestion(kind="jodoh", title=self._title, pairs=tuple(pairs)))

    def _free(self) -> NewQuestion | None:
        return self._made(NewQuestion(kind="bebas", title=self._title))

    def _made(self, question: NewQuestion) -> NewQuestion:
        explanation = paragraphs(self._cells.get("penjelasan", ""))
        return replace(question, prompt=self._prompt, explanation=explanation, line=self._number)
