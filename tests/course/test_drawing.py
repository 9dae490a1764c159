import random

from hypothesis import given
from hypothesis import strategies as st

from lms.course.drawing import Sheet, SheetItem, draw_sheet
from lms.course.lesson import Pool, parse_lesson
from lms.course.questions.written import Reflection

SEEDS = st.integers(0, 2**64)
QUESTIONS = "\n".join(f"### Soal {number}?\n\n- [x] Benar {number}\n- [ ] Salah {number}\n" for number in range(8))
REFLECTION = "\n### Cerita\n\nCeritakan.\n\nJawaban: bebas\n"


def pools(heading: str, questions: str = QUESTIONS + REFLECTION) -> tuple[Pool, ...]:
    lesson, _ = parse_lesson("a/b.md", f"# Judul\n\n{heading}\n\n{questions}")
    return lesson.quiz


def draw(found: tuple[Pool, ...], seed: int, pass_mark: int = 70) -> Sheet:
    return draw_sheet("a/b.md", found, pass_mark, random.Random(seed))


@given(SEEDS)
def test_as_many_as_asked_are_drawn_without_doubles_and_reflections_besides(seed: int) -> None:
    sheet = draw(pools("## Kuis (ambil 3)"), seed)
    assert len(sheet.items) == 4
    assert len({item.question for item in sheet.items}) == 4
    assert sheet.items[-1].question == "a/b.md#cerita"


@given(SEEDS)
def test_the_same_seed_draws_the_same_sheet(seed: int) -> None:
    found = pools("## Kuis (ambil 3)")
    assert draw(found, seed) == draw(found, seed)


@given(SEEDS)
def test_fixed_order_keeps_questions_and_choices_as_written(seed: int) -> None:
    found = pools("## Kuis (ambil 5, urutan tetap)")
    slugs = [question.slug for question in found[0].questions]
    items = draw(found, seed).items[:-1]
    places = [slugs.index(item.question.partition("#")[2]) for item in items]
    assert places == sorted(places)
    texts = {question.hash: tuple(question.items) for question in found[0].questions}
    assert all(item.shown == texts[item.hash] for item in items)


@given(SEEDS)
def test_a_sheet_comes_back_from_what_is_stored(seed: int) -> None:
    sheet = draw(pools("## Kuis (ambil 3)"), seed, 83)
    assert Sheet.from_json(sheet.to_json()) == sheet


def test_without_ambil_everything_is_asked() -> None:
    assert len(draw(pools("## Kuis"), 1).items) == 9


def test_more_than_there_are_is_all_there_are() -> None:
    assert len(draw(pools("## Kuis (ambil 99)"), 1).items) == 9


def test_several_pools_form_one_quiz_each_with_its_own_draw() -> None:
    found = pools(f"## Kuis: satu (ambil 2)\n\n{QUESTIONS}\n## Kuis: dua (ambil 1)", QUESTIONS.replace("Soal", "Tanya"))
    slugs = [item.question.partition("#")[2] for item in draw(found, 3).items]
    assert [slug[:4] for slug in slugs] == ["soal", "soal", "tany"]


def test_over_many_draws_every_question_and_every_order_comes_up() -> None:
    found = pools("## Kuis (ambil 3)")
    sheets = [draw(found, seed) for seed in range(200)]
    asked = {item.question for sheet in sheets for item in sheet.items}
    assert len(asked) == 9
    assert len({sheet.items[0].question for sheet in sheets}) == 8
    first = [item.shown for sheet in sheets for item in sheet.items if item.question == "a/b.md#soal-0"]
    assert len(set(first)) == 2


def test_a_reflection_is_never_drawn() -> None:
    found = pools("## Kuis (ambil 1)", QUESTIONS + REFLECTION * 1)
    counted = {question.hash for question in found[0].questions if not isinstance(question, Reflection)}
    for seed in range(50):
        first, last = draw(found, seed).items
        assert first.hash in counted
        assert last.hash not in counted


def test_an_item_knows_its_file() -> None:
    assert SheetItem("a/b.md#soal", "0" * 64, ()).path == "a/b.md"
