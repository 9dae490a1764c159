"""Every lesson of every bundled course: what its readers need is there, and only its key passes."""

import random
import statistics
from collections.abc import Sequence

import pytest

from lms.boot.setup import COURSES
from lms.course.drawing import draw_sheet
from lms.course.grading import Saved, grade, latest
from lms.course.lesson import Lesson, Pool
from lms.course.lines import passages, scan
from lms.course.prose import readable, sentences
from lms.course.questions.arranging import Matching, Ordering
from lms.course.questions.base import Question, Value
from lms.course.questions.choice import MultipleChoice, SingleChoice
from lms.course.questions.written import Reflection, ShortAnswer
from tests.bundled import BANK, BIMTEK, BOTH, MANUAL, Bundled

pytestmark = pytest.mark.walk

LEAST_QUESTIONS = {BIMTEK.slug: 10, MANUAL.slug: 6}
ASKED = {BIMTEK.slug: (5,), MANUAL.slug: (3, 4)}
LEAST_MINUTES = {BIMTEK.slug: 3, MANUAL.slug: 2}
SINGLE_CHOICES = {BIMTEK.slug: 200, MANUAL.slug: 60}

every_course = pytest.mark.parametrize("course", BOTH, ids=lambda course: course.slug)
every_lesson = pytest.mark.parametrize(
    ("course", "lesson"),
    [pytest.param(course, lesson, id=lesson.path) for course in BOTH for lesson in course.lessons],
)


TEST = BIMTEK.course.test
assert TEST
every_sheet = pytest.mark.parametrize(
    ("path", "pools", "pass_mark"),
    [
        *(
            pytest.param(each.path, each.quiz, it.course.quiz.pass_mark, id=each.path)
            for it in BOTH
            for each in it.lessons
        ),
        pytest.param(BANK.path, BANK.pools_for(BIMTEK.course), TEST.pass_mark, id=BANK.path),
    ],
)
POOLS = [*((each.path, each.pools) for it in BOTH for each in it.lessons), (BANK.path, BANK.pools)]


def test_these_are_all_that_are_bundled() -> None:
    assert {folder.parent.name for folder in COURSES.glob("*/kursus.toml")} == {course.slug for course in BOTH}


@every_course
def test_the_checker_finds_nothing(course: Bundled) -> None:
    assert [str(problem) for problem in course.report.problems] == []


@every_lesson
def test_a_lesson_has_what_its_readers_need(course: Bundled, lesson: Lesson) -> None:
    source = course.source_of(lesson.path.removesuffix(".md"))
    assert "Setelah pelajaran ini Anda dapat" in source.split("\n## ")[0]
    assert "\n> **Ingat.**" in source
    assert LEAST_MINUTES[course.slug] <= lesson.minutes <= 6
    assert sum(len(pool.questions) for pool in lesson.practice) >= 2
    counted = [question for pool in lesson.quiz for question in pool.questions if question.counted]
    assert len(counted) >= LEAST_QUESTIONS[course.slug]
    assert sum(pool.draw or 0 for pool in lesson.quiz) in ASKED[course.slug]


@every_lesson
def test_every_option_says_why_and_every_question_explains(course: Bundled, lesson: Lesson) -> None:
    for pool in lesson.pools:
        for question in pool.questions:
            if isinstance(question, SingleChoice):
                assert all(option.feedback for option in question.options), question.title
            if question.counted:
                assert question.explanation, question.title


@every_lesson
def test_sentences_are_short(course: Bundled, lesson: Lesson) -> None:
    lines = scan(course.source_of(lesson.path.removesuffix(".md")))[0]
    words = [sentence.words for sentence in sentences(readable(passages(lines)))]
    assert statistics.median(words) <= 14
    assert max(words) <= 40  # Names of rules in the legal basis are long; the checker weighs the rest.


def wrong_answers(question: Question, rng: random.Random) -> list[Value]:
    """Answers somebody might give who does not know."""
    key = question.key
    if isinstance(question, ShortAnswer):
        return [("",), ("entah",), ("-1",)]
    if isinstance(question, Ordering | Matching):
        return [key[1:] + key[:1], key[::-1]] if len(set(key)) > 2 else [key[::-1]]
    others = [name for name in question.items if name not in key]
    if isinstance(question, MultipleChoice):
        return [key[:-1], key[1:], *((*key, name) for name in others), tuple(others), ()]
    return [*((name,) for name in others), ()]


def right_answer(question: Question) -> Value:
    if isinstance(question, ShortAnswer):
        return (question.accepted[0].partition("..")[0],)
    return ("Saya pernah menemani tetangga.",) if isinstance(question, Reflection) else question.key


def graded(path: str, pools: Sequence[Pool], pass_mark: int, seed: int, *, right: bool) -> tuple[int, bool]:
    """(score, passed) of a drawn sheet where all is answered by the key, or nothing is."""
    rng = random.Random(seed)
    sheet = draw_sheet(path, pools, pass_mark, rng)
    questions = {question.hash: question for pool in pools for question in pool.questions}
    answers = [
        Saved(
            number,
            right_answer(questions[item.hash]) if right else rng.choice(wrong_answers(questions[item.hash], rng)),
            number,
            number,
        )
        for number, item in enumerate(sheet.items, start=1)
        if right or questions[item.hash].counted
    ]
    grading = grade(sheet, questions, latest(answers), [])
    return grading.score, grading.passed


@every_sheet
def test_the_key_passes_and_nothing_else_does(path: str, pools: Sequence[Pool], pass_mark: int) -> None:
    for seed in range(5):
        assert graded(path, pools, pass_mark, seed, right=True) == (100, True)
        assert graded(path, pools, pass_mark, seed, right=False) == (0, False)


@pytest.mark.parametrize(("path", "pools"), POOLS)
def test_of_each_question_only_the_key_is_right(path: str, pools: Sequence[Pool]) -> None:
    rng = random.Random(1)
    for question in (question for pool in pools for question in pool.questions if question.counted):
        assert question.is_right(right_answer(question)), question.title
        for value in wrong_answers(question, rng):
            assert not question.is_right(value), (question.title, value)


@every_course
def test_the_longest_answer_is_not_always_the_right_one(course: Bundled) -> None:
    """Who always taps the longest option must not pass, neither a quiz nor a test."""
    longest = [
        max(question.options, key=lambda option: len(option.text)).right
        for pools in [*(lesson.quiz for lesson in course.lessons), BANK.pools if course is BIMTEK else ()]
        for pool in pools
        for question in pool.questions
        if type(question) is SingleChoice
    ]
    assert len(longest) > SINGLE_CHOICES[course.slug]
    assert sum(longest) / len(longest) < 0.5
