"""GIFT as Moodle writes it and as people type it."""

import pytest

from lms.authoring.intake.draft import NewQuestion, Option, as_markdown
from lms.authoring.intake.gift import read_gift


def one(source: str) -> NewQuestion:
    reading = read_gift(source)
    assert reading.problems == []
    assert len(reading.questions) == 1
    return reading.questions[0]


def told(source: str) -> list[str]:
    return [f"{problem.line}: {problem.level}: {problem.text}" for problem in read_gift(source).problems]


def test_choices_carry_their_feedback() -> None:
    question = one(
        "::Ibu kota::Apa ibu kota kabupaten?{\n=Wonogiri#Betul.\n~Solo#Itu kota lain.\n~Pacitan\n"
        "####Ada di Jawa Tengah.}"
    )
    assert question == NewQuestion(
        kind="pilihan",
        title="Ibu kota",
        prompt="Apa ibu kota kabupaten?",
        options=(Option("Wonogiri", True, "Betul."), Option("Solo", False, "Itu kota lain."), Option("Pacitan", False)),
        explanation="Ada di Jawa Tengah.",
        line=1,
    )


def test_several_right_choices_are_those_with_a_share() -> None:
    question = one("Mana yang benar?{~%50%A ~%50%B ~%-100%C}")
    assert [(option.text, option.right) for option in question.options] == [("A", True), ("B", True), ("C", False)]


@pytest.mark.parametrize(("key", "truth"), [("T", True), ("TRUE", True), ("F", False), ("false", False)])
def test_true_and_false(key: str, truth: bool) -> None:
    question = one(f"PSM digaji.{{{key}#Keliru.#Betul.}}")
    assert question.options == (
        Option("Benar", truth, "Betul." if truth else "Keliru."),
        Option("Salah", not truth, "Keliru." if truth else "Betul."),
    )


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ("#60", ("60",)),
        ("#3.5", ("3,5",)),
        ("#3.142:0.001", ("3,141..3,143",)),
        ("#58..60", ("58..60",)),
        ("# = 60:0 = 61", ("60", "61")),
        ("#-5:2", ("-7..-3",)),
        ("#=1500#Betul.", ("1500",)),
    ],
)
def test_numbers_ranges_and_tolerances(written: str, accepted: tuple[str, ...]) -> None:
    assert one(f"Berapa?{{{written}}}").accepted == accepted


def test_a_short_answer_and_its_feedback() -> None:
    question = one("Siapa?{=Retno#Betul. =Bu Retno#Betul.}")
    assert (question.kind, question.accepted, question.explanation) == ("isian", ("Retno", "Bu Retno"), "Betul.")


def test_pairs() -> None:
    question = one("Pasangkan.{=Identifikator -> Mendata =Penghubung -> Mengantar =Satu -> 1\\=1}")
    assert question.pairs == (("Identifikator", "Mendata"), ("Penghubung", "Mengantar"), ("Satu", "1=1"))


def test_an_essay_is_a_reflection() -> None:
    assert one("Ceritakan.{}").kind == "bebas"


def test_escapes_comments_categories_and_missing_words() -> None:
    source = "// catatan\n$CATEGORY: a/b\n\nTanda \\= dan \\{ adalah {=tanda\\: baca} biasa.\n// lagi\n"
    reading = read_gift(source)
    (question,) = reading.questions
    assert question.title == "Tanda = dan { adalah _____ biasa."
    assert question.accepted == ("tanda: baca",)
    assert [problem.level for problem in reading.problems] == ["peringatan"]
    assert question.line == 4


def test_html_of_moodle_becomes_text() -> None:
    question = one("::A::[html]<p>Baris &amp; satu</p><p>Baris <b>dua</b></p>{=[html]<p>Ya</p> ~<p>Tidak</p>}")
    assert question.prompt == "Baris & satu\nBaris dua"
    assert [option.text for option in question.options] == ["Ya", "Tidak"]


def test_an_empty_line_inside_the_braces_does_not_cut_a_question() -> None:
    assert len(one("Apa?{\n=a\n\n~b\n}").options) == 2


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("Hanya teks.", "1: galat: tidak ada kurung"),
        ("Satu?{=1}\n\nApa?{=a ~b", "3: galat: kurung"),
        ("Apa?{=a ~b} lalu {=c}", "1: galat: ada lebih dari satu kurung"),
        ("Apa?{a}", "1: galat: jawaban"),
        ("Apa?{~a}", "1: galat: "),
        ("Berapa?{#tiga}", "1: galat: angka"),
        ("Pasangkan.{=a -> b =c}", "1: peringatan: pasangan"),
        ("Siapa?{=%50%Budi =Retno}", "1: peringatan: jawaban"),
        ("Siapa?{=*}", "1: peringatan: jawaban"),
        ("Apa?{=a ~%30%b ~c}", "1: peringatan: pilihan"),
        ("Apa?{=a ~ ~b}", "1: peringatan: ada pilihan kosong"),
        ("Apa?{=a = b ~c}", '1: peringatan: ada beberapa tanda = di antara ~ pada "Apa?": periksa jawabannya'),
        ("[html]<img src=x>Apa?{=a ~b}", "1: peringatan: gambar"),
        ("", "1: galat: tidak ada soal"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(source: str, place: str) -> None:
    assert any(line.startswith(place) for line in told(source)), told(source)


def test_an_escaped_equals_sign_among_choices_is_no_second_answer() -> None:
    assert told("Apa?{=a \\= b ~c}") == []


@pytest.mark.parametrize("tag", ["<img src=\"a=b.png\" alt='~#1'>", "<img src=a.png width=10 />"])
def test_a_tag_is_not_torn_at_the_signs_of_its_attributes(tag: str) -> None:
    (question,) = read_gift(f"Mana?{{=Ini {tag} benar ~Itu 1 <b> 2}}").questions
    assert [(option.text, option.right) for option in question.options] == [("Ini benar", True), ("Itu 1 <b> 2", False)]
    assert [line for line in told(f"Mana?{{=Ini {tag} benar ~Itu}}") if "gambar" not in line] == []


def test_a_sign_that_needs_no_stroke_loses_it() -> None:
    question = one("Berapa kali seminggu\\?{=satu\\, dua ~tiga\\alfa}")
    assert question.title == "Berapa kali seminggu?"
    assert [option.text for option in question.options] == ["satu, dua", "tiga\\alfa"]


def test_what_markdown_stresses_is_stressed_and_all_else_escaped() -> None:
    written = as_markdown(read_gift("[markdown]Mana yang **bukan** tugas [PSM]?{=_Ini_ ~[plain]*Itu*}").questions)
    assert written.startswith("### Mana yang **bukan** tugas \\[PSM\\]?\n")
    assert "- [x] _Ini_\n- [ ] \\*Itu\\*\n" in written
    assert "\\*\\*bukan" in as_markdown(read_gift("Mana yang **bukan**?{=a ~b}").questions)


def test_the_feedback_of_an_answer_that_does_not_come_in_does_not_come_in_either() -> None:
    (question,) = read_gift("Siapa?{=Retno#Betul. =%50%Budi#Kurang tepat. =*#Salah.}").questions
    assert (question.accepted, question.explanation) == (("Retno",), "Betul.")
