"""What a filled-in form is worth, to the fraction, and what fails the whole."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.boot.setup import COURSES
from lms.course.form import Case, Field, Form, Limits
from lms.course.form_reading import parse_form
from lms.course.grading import CaseResult, RulingFact, Saved, _in_integers, faults_of, grade_case, judge_case, score_of
from lms.course.questions.base import Value
from tests.course.form_texts import case_of

# The numbers of a larger form, of whose case "nenek-cucu" the weights sum up to 82: only what the rows below touch.
WEIGHTS = 82
LARGE = """
judul = "Formulir"
[[bagian]]
judul = "A"
[[bagian.isian]]
nama = "kedaruratan"
label = "a"
jenis = "pilihan"
pilihan = { darurat = "a", segera = "b", biasa = "c" }
[[bagian.isian]]
nama = "dugaan_ppks"
label = "b"
jenis = "pilihan-ganda"
pilihan = { 2 = "a", 8 = "b", 24 = "c", 7 = "d", 23 = "e", 4 = "f" }
[[bagian.isian]]
nama = "izin_foto"
label = "c"
jenis = "pilihan"
pilihan = { penuh = "a", terbatas = "b" }
[[bagian.isian]]
nama = "foto_diambil"
label = "d"
jenis = "pilihan-ganda"
pilihan = { rumah = "a", wajah_anak = "b" }
[[bagian.isian]]
nama = "anak_6_17"
label = "e"
jenis = "angka"
"""
HIDDEN = '[[bagian.isian]]\nnama = "a{0}"\nlabel = "h{0}"\njenis = "angka"\nbila = {{ anak_6_17 = "1.." }}\n'
REST = '[[bagian.isian]]\nnama = "r{0}"\nlabel = "r{0}"\njenis = "angka"\n'
CASE = """
[[kasus]]
slug = "nenek-cucu"
judul = "A"
tahap = "sendiri"
cerita = "a.md"
[[kasus.kunci]]
isian = "kedaruratan"
harapan = "darurat"
setengah = { segera = 0.7 }
bobot = 3
karena = "x"
[[kasus.kunci]]
isian = "dugaan_ppks"
harapan = ["2", "8", "24"]
boleh = ["7"]
terlarang = ["23"]
bobot = 5
karena = "x"
[[kasus.kunci]]
isian = "izin_foto"
harapan = "terbatas"
kritis = true
bobot = 3
karena = "x"
[[kasus.kunci]]
isian = "foto_diambil"
harapan = ["rumah"]
terlarang = ["wajah_anak"]
kritis_terlarang = ["wajah_anak"]
bobot = 3
karena = "x"
"""
NUMBER = '[[kasus.kunci]]\nisian = "{0}"\nharapan = 1\nbobot = {1}\nkarena = "x"\n'


def large() -> tuple[Form, Case]:
    """A form whose case is worth 82, like the one the numbers were worked out for."""
    source = LARGE + "".join(HIDDEN.format(at) for at in range(4)) + "".join(REST.format(at) for at in range(9))
    keys = [("anak_6_17", 1), *((f"a{at}", 1) for at in range(4)), *((f"r{at}", 7) for at in range(9))]
    form, problems = parse_form("a/f.toml", source + CASE + "".join(NUMBER.format(*key) for key in keys))
    assert form
    assert problems == []
    case = form.cases[0]
    assert sum(key.weight for key in case.keys.values()) == WEIGHTS
    return form, case


ROWS: list[tuple[dict[str, Value], Fraction, int, bool]] = [
    ({}, Fraction(82), 100, True),
    ({"kedaruratan": ("segera",)}, 82 - Fraction(9, 10), 98, True),
    ({"dugaan_ppks": ("2", "8", "24", "23")}, 82 - Fraction(5, 2), 96, True),
    ({"dugaan_ppks": ("2", "8", "24", "4")}, 82 - Fraction(5, 4), 98, True),
    ({"dugaan_ppks": ("2", "8", "24", "7")}, Fraction(82), 100, True),
    ({"izin_foto": ("penuh",)}, Fraction(79), 96, False),
    ({"foto_diambil": ("rumah", "wajah_anak")}, 82 - Fraction(3, 2), 98, False),
    ({"anak_6_17": ("0",)}, Fraction(77), 93, True),
]


@pytest.mark.parametrize(("change", "points", "score", "passed"), ROWS)
def test_the_numbers_worked_out_for_the_large_form(
    change: dict[str, Value], points: Fraction, score: int, passed: bool
) -> None:
    form, case = large()
    result = judge_case(form, case, {**case.model, **change})
    assert (result.points, result.most, result.share) == (points, WEIGHTS, points / WEIGHTS)
    assert int(100 * result.share) == score
    assert result.passes(70) is passed


def bundled() -> list[tuple[Form, Case]]:
    """Every case of the forms that come with the program, and of the one of the tests."""
    sources = [path.read_text(encoding="utf-8") for path in COURSES.rglob("*/*/*.toml")]
    forms = [form for source in sources if (form := parse_form("a/f.toml", source)[0])]
    return [case_of(slug) for slug in ("pak-min", "bu-tuti")] + [(form, case) for form in forms for case in form.cases]


def test_the_model_answer_is_worth_100_and_nothing_is_worth_0() -> None:
    for form, case in bundled():
        full, empty = judge_case(form, case, case.model), judge_case(form, case, {})
        assert full.share == 1
        assert not full.fatal
        assert faults_of(form, case, case.model) == {}
        if case.stage != "contoh":
            assert empty.share == 0


def result_of(**change: Value) -> CaseResult:
    form, case = case_of("bu-tuti")
    return judge_case(form, case, {**case.model, **change})


@pytest.mark.parametrize(
    ("field", "value", "score"),
    [
        ("tanggal", "2026-10-14", 1),
        ("tanggal", "15/10/2026", 1),
        ("tanggal", "15-10-2026", 1),
        ("tanggal", "14 oktober 2026", 1),
        ("tanggal", "16 Oktober 2026", 0),
        ("tanggal", "kemarin", 0),
        ("anak", "2", 1),
        ("anak", " 2,0 ", 1),
        ("anak", "3", 0),
        ("anak", "dua", 0),
        ("rencana", "Akta di DUKCAPIL", Fraction(1, 2)),
        ("rencana", "Ke pukesmas, mengurus akta kelahiran", 1),
        ("rencana", "minggu... DEPAN ke puskesmás", 1),
        ("rencana", "aktanya di minggu yang depan", 0),
        ("rencana", "akta akta akta", Fraction(1, 2)),
    ],
)
def test_what_people_type_is_worth_what_the_rules_say(field: str, value: str, score: Fraction) -> None:
    judged = {each.item.field.name: each for each in result_of(**{field: (value,)}).fields}
    assert judged[field].score == score


def test_money_is_read_as_it_is_written() -> None:
    form, case = case_of("bu-tuti")
    key = case.keys["anak"]
    assert key.score(("Rp 2",)) == 1
    assert form.fields["anak"].fault(("2 orang",)) == "Tulis angkanya saja, misalnya 12 atau 300.000."


def test_a_set_loses_half_for_what_is_forbidden_and_never_falls_below_nothing() -> None:
    def score(*value: str) -> Fraction | None:
        return next(each.score for each in result_of(kebutuhan=value).fields if each.item.field.name == "kebutuhan")

    assert score("obat") == Fraction(1, 2)
    assert score("obat", "akta", "makan") == 1
    assert score("obat", "akta", "motor") == Fraction(1, 2)
    assert score("motor") == 0
    assert result_of(kebutuhan=("obat", "akta", "motor")).fatal


def test_what_fails_the_whole_fails_it_whatever_the_sum() -> None:
    assert result_of().passes(70)
    assert not result_of(persetujuan=("menolak",)).passes(0)
    assert not result_of(persetujuan=()).passes(0)
    assert result_of(persetujuan=("tertulis",)).passes(70)


def test_what_does_not_show_has_no_value_and_neither_has_what_hangs_on_it() -> None:
    judged = {each.item.field.name: each for each in result_of(anak=("0",), sekolah=("tidak",)).fields}
    assert (judged["sekolah"].shown, judged["sekolah"].value, judged["sekolah"].score) == (False, (), 0)
    shown_by_mistake = {each.item.field.name: each for each in result_of(persetujuan=("menolak",)).fields}
    assert (shown_by_mistake["alasan"].shown, shown_by_mistake["alasan"].score) == (True, None)


def test_filled_in_fields_decide_what_shows_where_gaps_are_left() -> None:
    form, case = case_of("pak-min")
    result = judge_case(form, case, {"anak": ("2",), "sekolah": ("tidak",)})
    assert [(each.item.field.name, each.score) for each in result.fields] == [("anak", 1), ("sekolah", 0)]


def test_a_reflection_counts_for_nothing() -> None:
    assert [each.score for each in result_of().fields][-1] is None
    assert result_of(renungan=()).share == 1


def test_sending_is_held_back_only_by_what_shows() -> None:
    form, case = case_of("bu-tuti")
    assert set(faults_of(form, case, {})) == {"tanggal", "persetujuan", "anak"}
    given = {"tanggal": ("besok",), "persetujuan": ("menolak",), "anak": ("21",)}
    assert faults_of(form, case, given) == {
        "tanggal": "Tulis tanggalnya seperti 12 Oktober 2026.",
        "alasan": "Isian ini perlu diisi.",
        "anak": "Periksa lagi angkanya: 0 sampai 20.",
    }


def saved(form: Form, case: Case, change: dict[str, Value]) -> dict[int, Saved]:
    given = {**case.model, **change}
    return {
        number: Saved(number, given[item.field.name], number, number)
        for number, item in enumerate(form.asked(case), start=1)
        if given.get(item.field.name)
    }


def test_a_grade_keeps_the_exact_share_in_integers() -> None:
    form, case = case_of("bu-tuti")
    grade = grade_case(form, case, form.sheet(case), saved(form, case, {"persetujuan": ("tertulis",)}))
    assert Fraction(grade.right, grade.asked) == (10 - Fraction(9, 10)) / 10
    assert (score_of(grade.right, grade.asked), grade.passed) == (91, True)
    assert grade.outcomes == (True, False, None, True, True, True, True, None)


def test_gaps_are_scored_and_never_passed() -> None:
    form, case = case_of("pak-min")
    grade = grade_case(form, case, form.sheet(case), saved(form, case, {}))
    assert (grade.right, grade.asked, grade.passed) == (1, 1, False)


def test_a_ruling_holds_for_a_field_as_for_a_question() -> None:
    form, case = case_of("bu-tuti")
    sheet, answers = form.sheet(case), saved(form, case, {"persetujuan": ("menolak",)})
    hashed = sheet.items[1].hash
    assert not grade_case(form, case, sheet, answers).passed
    for ruling in (RulingFact(hashed, "batal"), RulingFact(hashed, "terima", ("menolak",))):
        assert grade_case(form, case, sheet, answers, [ruling]).right == 1
    assert not grade_case(form, case, sheet, answers, [RulingFact(hashed, "kunci", ("tertulis",))]).passed


def test_a_share_too_fine_for_the_database_is_rounded_down() -> None:
    right, asked = _in_integers(Fraction(2**40 - 1, 2**40))
    assert right < asked <= 2**31 - 1
    assert _in_integers(Fraction(159, 164)) == (159, 164)


@given(st.lists(st.text(max_size=12), max_size=4), st.sampled_from(["angka", "tanggal", "uraian", "pilihan-ganda"]))
def test_whatever_a_client_sends_is_cleaned_and_told(value: list[str], kind: str) -> None:
    choices = {"a": "A", "b": "B"} if kind == "pilihan-ganda" else {}
    field = Field(name="x", label="X", kind=kind, required=True, choices=choices, limits=Limits(0, 9))
    cleaned = field.clean(value)
    assert field.clean(cleaned) == cleaned
    assert isinstance(field.fault(cleaned), str)
    assert isinstance(field.in_words(cleaned), list)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("650000", "650.000 orang"),
        ("7", "7 orang"),
        ("Rp650.000", "Rp650.000 orang"),
        ("9" * 5_000, "9" * 5_000 + " orang"),
    ],
)
def test_a_number_is_said_with_its_thousands_apart(typed: str, said: str) -> None:
    field = Field(name="n", label="N", kind="angka", choices={}, unit="orang")
    assert field.in_words((typed,)) == [said]
