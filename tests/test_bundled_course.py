"""The bimtek: its subjects, drawings, glossary, sources, tests and forms."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping

import pytest

from lms.course.bank import Bank, Blueprint, parse_bank, read_blueprint
from lms.course.form import Case, Form
from lms.course.form_reading import parse_form
from lms.course.glossary import matching, parse_glossary
from lms.course.grading import judge_case
from lms.course.lesson import Lesson
from lms.course.outline import file_of, identity_of
from lms.course.questions.base import Question, Value
from lms.course.questions.choice import SingleChoice
from lms.db.settings import ROOT
from lms.web.plain import normalised
from tests.bundled import BANK, BIMTEK, CHECKED

pytestmark = pytest.mark.walk

LEAST_LESSONS = {
    "Konsep dasar PSM": 5,
    "PPKS dan PSKS": 5,
    "Kerelawanan sosial": 5,
    "Bantuan sosial": 6,
    "IPSM": 3,
    "Asesmen": 6,
}
# The lessons that a table "Yang berubah" of the fact sheets concerns.
CHANGED = {
    *("konsep-psm/syarat-dan-jalan", "konsep-psm/empat-fungsi", "konsep-psm/aturan-yang-berlaku"),
    *("ppks-psks/dari-pmks-ke-ppks", "ppks-psks/lansia-disabilitas-kemiskinan"),
    *("kerelawanan/etika-di-lapangan", "kerelawanan/pilar-sosial"),
    *("bantuan-sosial/program-sembako", "bantuan-sosial/pkh", "bantuan-sosial/pbi-jk"),
    *("bantuan-sosial/dtsen-dan-desil", "bantuan-sosial/usul-sanggah", "bantuan-sosial/bila-bantuan-berubah"),
    *("bantuan-sosial/masalah-di-lapangan", "ipsm/mengapa-ipsm", "ipsm/tingkat-dan-pengurus"),
    "asesmen/persetujuan-warga",
}
SOMEBODY = re.compile(r"\b(?:Pak|Bu|Mas|Mbak|Mbah|Mbok|Dik) [A-Z][a-z]+")
SVG = "{http://www.w3.org/2000/svg}"
SMALLEST_TEXT = 12
WIDEST = 360
MOST_SHARED = 0.4

FILES, COURSE, LESSONS = BIMTEK.files, BIMTEK.course, BIMTEK.lessons
DRAWINGS = sorted(path for path in FILES if path.endswith(".svg"))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("terlantar", "Anak telantar"),
        ("lansia terlantar", "Lanjut usia telantar"),
        ("difabel", "Penyandang disabilitas"),
        ("assesment", "Asesmen"),
        ("narkoba", "NAPZA"),
        ("sp4n lapor", "SP4N-LAPOR"),
        ("e ktp", "KTP"),
        ("cacat", "Penyandang disabilitas"),
        ("anak cacat", "Anak dengan kedisabilitasan"),
        ("jompo", "Lanjut usia telantar"),
        ("pmks", "PPKS"),
        ("narapidana", "Bekas warga binaan"),
    ],
)
def test_a_term_is_found_as_people_write_it(written: str, name: str) -> None:
    terms, _ = parse_glossary(FILES["glosarium.md"].decode())
    assert name in [term.name for term in matching(terms, written)]


def test_every_subject_has_its_lessons_and_its_goals() -> None:
    assert [module.title for module in COURSE.modules] == list(LEAST_LESSONS)
    for module in COURSE.modules:
        assert len([name for name in module.lessons if name in BIMTEK.report.lessons]) >= LEAST_LESSONS[module.title]
        assert module.goals
        assert module.online_jp
    assert len(LESSONS) >= 30


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path)
def test_a_lesson_says_what_it_rests_on(lesson: Lesson) -> None:
    assert lesson.legal is not None
    assert lesson.legal.rules
    assert lesson.legal.checked == CHECKED


def rests_on_a_former_rule(lesson: Lesson) -> bool:
    """Its legal basis names a rule that no longer holds."""
    rules = lesson.legal.rules if lesson.legal else ()
    return any(re.search(r"sudah diganti|masa bimtek 2022", rule) for rule in rules)


def test_a_lesson_says_aloud_what_changed() -> None:
    called_out = {each.path for each in LESSONS if "\n> **Yang berubah.** " in BIMTEK.source_of(identity_of(each.path))}
    assert sorted(CHANGED - {identity_of(path) for path in called_out}) == []
    former = {identity_of(each.path) for each in LESSONS if rests_on_a_former_rule(each)}
    assert len(former) > 5
    assert former <= CHANGED


def begins_with_a_scene(source: str) -> bool:
    """Somebody with a name is met, in a few sentences, before anything is explained; how well, a reader judges."""
    story = source.split("\n## ")[1].partition("\n")[2].partition("\n![")[0]
    return bool(SOMEBODY.search(story)) and len(story.split()) >= 30


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path)
def test_a_lesson_begins_with_somebody_in_the_village(lesson: Lesson) -> None:
    assert begins_with_a_scene(BIMTEK.source_of(identity_of(lesson.path)))


def test_a_lesson_that_begins_with_its_matter_has_no_scene() -> None:
    matter = "PSM adalah relawan sosial di desa atau kelurahan. " * 5
    assert not begins_with_a_scene(f"# Judul\n\nTujuan.\n\n## Pengertian\n\n{matter}\n\n## Contoh\n\nPak Min datang.\n")


def test_there_are_drawings_and_every_one_is_shown() -> None:
    assert len(DRAWINGS) >= 20
    text = "\n".join(normalised(FILES[lesson.path].decode()) for lesson in LESSONS)
    for path in DRAWINGS:
        found = re.search(rf"!\[([^\]]+)\]\(media/{re.escape(path.rpartition('/')[2])}\)", text)
        assert found, f"{path} is in no lesson"
        assert len(found[1].split()) >= 8, f"{path}: the alternative text tells too little"


@pytest.mark.parametrize("path", DRAWINGS)
def test_a_drawing_can_be_read_on_a_phone(path: str) -> None:
    root = ET.fromstring(FILES[path])  # noqa: S314 The drawings are our own.
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    assert width <= WIDEST
    assert height <= 2 * WIDEST
    assert len(FILES[path]) < 12_000
    sizes = [
        float(element.attrib["font-size"])
        for element in root.iter()
        if "font-size" in element.attrib and len(element.text or "") != 2  # "Rp" on a coin is a picture.
    ]
    assert sizes
    assert min(sizes) >= SMALLEST_TEXT
    forbidden = {SVG + name for name in ("script", "image", "foreignObject", "a", "animate")}
    assert not {element.tag for element in root.iter()} & forbidden


def test_the_glossary_explains_the_field() -> None:
    terms = [line for line in normalised(FILES["glosarium.md"].decode()).split("\n") if line.startswith("## ")]
    assert len(terms) >= 60


def test_the_sources_of_every_lesson_are_told() -> None:
    told = (ROOT / "docs" / "sumber.md").read_text(encoding="utf-8")
    assert [file_of(identity) for identity in COURSE.lessons if f"`{file_of(identity)}`" not in told] == []


def test_both_tests_ask_of_every_subject_and_every_goal() -> None:
    assert [pool.name for pool in BANK.pools] == list(LEAST_LESSONS)
    assert all(len(pool.questions) >= 8 for pool in BANK.pools)
    assert len({pool.draw for pool in BANK.pools}) == 1
    blueprint = read_blueprint(FILES)
    assert isinstance(blueprint, Blueprint)
    assert list(blueprint.holes) == []


def test_no_item_of_the_tests_was_seen_in_a_quiz() -> None:
    seen = {
        text
        for lesson in LESSONS
        for pool in lesson.pools
        for question in pool.questions
        for text in (question.slug, " ".join(question.prompt.split()))
        if text
    }
    asked = [question for pool in BANK.pools for question in pool.questions]
    assert [each.title for each in asked if each.slug in seen or " ".join(each.prompt.split()) in seen] == []


def words_of(question: Question) -> set[str]:
    """What is read of an item before it is answered, without its small words."""
    options = question.options if isinstance(question, SingleChoice) else ()
    text = " ".join([question.title, question.prompt, *(option.text for option in options)])
    return set(re.findall(r"[^\W\d_]{4,}", text.casefold()))


def near_repeats(bank: Bank) -> list[tuple[str, str]]:
    """Test items that share two fifths of their words, or more, with a question of a lesson."""
    taught = [(each.title, words_of(each)) for lesson in LESSONS for pool in lesson.pools for each in pool.questions]
    asked = [(each.title, words_of(each)) for pool in bank.pools for each in pool.questions]
    return [
        (title, other)
        for title, words in asked
        for other, known in taught
        if len(words & known) / len(words | known) >= MOST_SHARED
    ]


def test_no_item_of_the_tests_nearly_repeats_a_question_of_a_lesson() -> None:
    assert near_repeats(BANK) == []


def test_a_question_of_a_lesson_told_again_is_a_near_repeat() -> None:
    planted = """## Kuis: Bantuan sosial (ambil 1)

### Penjahit tanpa jaminan

Keluarga desil 5. Bapaknya penjahit, istrinya penjahit, keduanya sehat. Mereka tidak sanggup
membayar iuran kesehatan. Program mana yang patut ditanyakan menurut batas Februari 2026?

- [ ] Program Sembako, sebab mereka perlu pangan.
- [x] PBI Jaminan Kesehatan, sebab desil 5 masih termasuk batasnya.
- [ ] PKH, sebab istrinya tidak bekerja.
"""
    assert ("Penjahit tanpa jaminan", "Penjual es tanpa jaminan") in near_repeats(parse_bank("tes.md", planted)[0])


def test_the_tests_say_why_for_every_option() -> None:
    for question in (question for pool in BANK.pools for question in pool.questions):
        assert isinstance(question, SingleChoice)
        assert all(option.feedback for option in question.options), question.title
        assert question.explanation, question.title


def leaning(questions: Iterable[Question]) -> list[str]:
    """Items that ask what a lesson said: the pre-test comes before any lesson."""
    return [each.title for each in questions if "pelajaran" in each.source.casefold()]


def test_the_tests_can_be_understood_before_any_lesson() -> None:
    assert leaning(question for pool in BANK.pools for question in pool.questions) == []
    planted = "## Kuis: A (ambil 1)\n\n### Soal\n\nMenurut pelajaran, apa itu PSM?\n\n- [x] Relawan\n- [ ] Pegawai\n"
    assert leaning(parse_bank("tes.md", planted)[0].pools[0].questions) == ["Soal"]


FORMS = [
    form
    for path in COURSE.lessons
    if path.endswith(".toml") and (form := parse_form(path, normalised(FILES[path].decode()))[0])
]
CASES = [(form, case) for form in FORMS for case in form.cases if case.stage != "contoh"]


def test_each_form_is_shown_filled_in_then_with_gaps_then_twice_alone() -> None:
    assert len(FORMS) == 2
    for form in FORMS:
        assert [case.stage for case in form.cases] == ["contoh", "rumpang", "sendiri", "sendiri"]


def test_how_long_a_form_takes_is_reckoned_and_not_written() -> None:
    assert [form.path for form in FORMS if re.search(r"\b(menit|jam)\b", form.intro)] == []


@pytest.mark.parametrize(("form", "case"), CASES, ids=lambda value: getattr(value, "slug", ""))
def test_only_the_model_answer_of_a_case_is_worth_everything(form: Form, case: Case) -> None:
    best = judge_case(form, case, case.model)
    assert (best.share, best.fatal) == (1, ())
    assert best.passes(form.pass_mark)
    nothing = judge_case(form, case, {})
    assert nothing.share == 0
    assert not nothing.passes(form.pass_mark)
    for other in (other for other in form.cases if other.slug != case.slug):
        assert not judge_case(form, case, other.model).passes(form.pass_mark), other.slug


def given_away(form: Form, case: Case, model: Mapping[str, Value]) -> list[str]:
    """Answers of the gaps that a text filled in beside them names."""
    asked = {item.field.name for item in form.asked(case)}
    written = [name for name in model if name not in asked and not form.fields[name].choices]
    texts = " ".join(" ".join(model[name]).casefold() for name in written)
    labels = [form.fields[name].choices[value] for name in asked if form.fields[name].choices for value in model[name]]
    plain = [re.sub(r"^\d+\. | \(.*", "", label) for label in labels]
    return [label for label in plain if re.search(rf"\b{re.escape(label.casefold())}\b", texts)]


def test_nothing_filled_in_tells_the_answer_of_a_gap() -> None:
    gaps = [(form, case) for form, case in CASES if case.stage == "rumpang"]
    assert len(gaps) == 2
    for form, case in gaps:
        assert given_away(form, case, case.model) == [], case.slug
        telling = {**case.model, "ringkasan_fakta": ("Pendapat saya: dugaan fakir miskin.",)}
        assert given_away(form, case, telling) == ["Fakir miskin"]
