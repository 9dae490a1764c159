"""Questions as rows of the spreadsheet template: one question a row, one column for each part."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from lms.authoring.intake import draft
from lms.authoring.intake.draft import FREE, YES_NO, NewQuestion, Option, ReadQuestions, Unreadable, bare, plain
from lms.course.problems import Notes
from lms.course.questions.base import quoted

LETTERS = "ABCDEF"
COLUMNS = (
    *("soal", "jenis"),
    *(f"pilihan {letter.lower()}" for letter in LETTERS),
    *(f"umpan balik {letter.lower()}" for letter in LETTERS),
    *("kunci", "penjelasan"),
)
FIELDS = ("judul", *COLUMNS)
"""What a form asks, and a sheet may have besides: a short name above a longer question."""
KINDS = ("pilihan", "benar-salah", "isian", "urutan", "jodoh", "bebas")
ALSO = {
    "pilihan ganda": "pilihan",
    "benar salah": "benar-salah",
    "isian singkat": "isian",
    "menjodohkan": "jodoh",
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
        notes.galat(1, 'tidak ada baris judul dengan kolom "soal"; pakai templat dari halaman ini')
        return ReadQuestions((), notes.problems)
    names = [_name(cell) for cell in rows[at]]
    for name in dict.fromkeys(name for name in names if name and name not in FIELDS):
        notes.warn(at + 1, f"kolom {quoted(name)} tidak dikenal dan tidak dibaca; pakai nama kolom dari templat")
    questions = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells: dict[str, str] = {}
        for name, cell in zip(names, row, strict=False):
            cells.setdefault(name, cell)
        try:
            if any(map(plain, cells.values())):
                questions.append(_Row(number, cells, notes).question())
        except Unreadable as fault:
            notes.galat(number, str(fault))
    nothing = "belum ada soal di bawah baris judul; isi satu soal pada setiap baris"
    return draft.finished(questions, notes, nothing, at + 1)


def _name(cell: str) -> str:
    return plain(cell).casefold().strip(" *:")


class _Row:
    """One row, column by name."""

    def __init__(self, number: int, cells: Mapping[str, str], notes: Notes) -> None:
        self._number, self._cells, self._warn = number, cells, partial(notes.warn, number)
        self._key = self._cell("kunci")

    def question(self) -> NewQuestion:
        """The question of this row. Raises Unreadable."""
        if not self._cell("soal"):
            raise Unreadable('kolom "soal" kosong; tulis pertanyaannya')
        title, prompt = draft.titled(self._cells["soal"], self._cell("judul"))
        explanation = draft.paragraphs(self._cells.get("penjelasan", ""))
        return replace(self._answers(), title=title, prompt=prompt, explanation=explanation, line=self._number)

    def _cell(self, name: str) -> str:
        return plain(self._cells.get(name.casefold(), ""))

    def _kind(self) -> str:
        """Return the kind that the row names, or that it looks like."""
        said = self._cell("jenis").casefold()
        if said:
            return ALSO.get(said, said)
        if any(self._cell(f"pilihan {letter}") for letter in LETTERS):
            return "pilihan"
        key = bare(self._key)
        return "bebas" if key in FREE else "benar-salah" if key in YES_NO else "isian"

    def _answers(self) -> NewQuestion:
        match kind := self._kind():
            case "pilihan":
                return NewQuestion(kind="pilihan", options=self._choices())
            case "benar-salah":
                right = YES_NO.get(bare(self._key), "")
                if not right:
                    self._warn('kunci belum terbaca; tulis "benar" atau "salah"')
                feedback = [self._cell(f"umpan balik {letter}") for letter in "AB"]
                return NewQuestion(kind="pilihan", options=draft.yes_or_no(right, feedback))
            case "isian":
                accepted = draft.accepted_in(self._key)
                if not accepted:
                    self._warn("kunci belum diisi; tulis jawaban yang diterima, pisahkan dengan |")
                return NewQuestion(kind="isian", accepted=accepted)
            case "urutan":
                steps = tuple(self._listed().values())
                if len(steps) < 2:
                    remedy = "isi kolom pilihan A, B, dan seterusnya menurut urutan yang benar"
                    raise Unreadable(f"kurang dari dua langkah; {remedy}")
                return NewQuestion(kind="urutan", steps=steps)
            case "jodoh":
                return NewQuestion(kind="jodoh", pairs=self._pairs())
            case "bebas":
                return NewQuestion(kind="bebas")
        raise Unreadable(f"jenis {quoted(kind)} tidak dikenal; pilih salah satu: {', '.join(KINDS)}")

    def _listed(self) -> dict[str, str]:
        """Letter -> text of the choices that were filled in."""
        found = {letter: self._cell(f"pilihan {letter}") for letter in LETTERS}
        for letter, text in found.items():
            if not text and self._cell(f"umpan balik {letter}"):
                self._warn(f"umpan balik {letter} tidak punya pilihan {letter} dan tidak ikut; isi pilihannya dulu")
        return {letter: text for letter, text in found.items() if text}

    def _choices(self) -> tuple[Option, ...]:
        listed, key = self._listed(), self._key
        if len(listed) < 2:
            raise Unreadable("kurang dari dua pilihan; isi kolom pilihan A, pilihan B, dan seterusnya")
        right = draft.right_letters(key, listed)
        if not right:
            said = f"kunci {quoted(key)} bukan huruf pilihan yang terisi" if key else "kunci belum diisi"
            self._warn(f"{said}; tulis hurufnya, misalnya B atau A, C")
        return tuple(Option(text, each in right, self._cell(f"umpan balik {each}")) for each, text in listed.items())

    def _pairs(self) -> tuple[tuple[str, str], ...]:
        pairs = []
        for letter, text in self._listed().items():
            arrow = next((arrow for arrow in ARROWS if arrow in text), "=")
            left, _, right = (part.strip() for part in text.partition(arrow))
            if left and right:
                pairs.append((left, right))
            else:
                self._warn(f'pilihan {letter} bukan pasangan dan tidak ikut; tulis seperti "kiri = kanan"')
        if len(pairs) < 2:
            raise Unreadable('kurang dari dua pasangan; tulis "kiri = kanan" di kolom pilihan A, B, dan seterusnya')
        return tuple(pairs)
