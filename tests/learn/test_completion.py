from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.outline import CertificateRules
from lms.learn.completion import Completion, LearnerFacts, completion, counted

EVERYTHING = CertificateRules(lessons=True, quizzes=True, posttest=True, attendance=80, survey=True)
LESSONS, QUIZZES = ("a", "b", "c"), ("a", "b")
DONE = LearnerFacts(frozenset(LESSONS), frozenset(QUIZZES), posttest_passed=True, attendance=80, survey_sent=True)
KNOWN = st.frozensets(st.sampled_from("abcdefg"))


def weigh(rules: CertificateRules = EVERYTHING, facts: LearnerFacts = DONE) -> Completion:
    return completion(rules, LESSONS, QUIZZES, facts)


def learned(finished: Iterable[str] = (), passed: Iterable[str] = ()) -> LearnerFacts:
    return replace(DONE, finished=frozenset(finished), passed=frozenset(passed))


def test_all_requirements_in_the_order_a_learner_meets_them() -> None:
    found = weigh()
    assert [part.kind for part in found.requirements] == ["pelajaran", "kuis", "tes_akhir", "kehadiran", "survei"]
    assert found.met
    assert found.missing == ()


def test_what_is_missing_is_named() -> None:
    found = weigh(facts=learned({"a", "c", "lama"}, {"b"}))
    lessons, quizzes = found.missing
    assert (lessons.done, lessons.asked, lessons.missing) == (2, 3, ("b",))
    assert (quizzes.done, quizzes.asked, quizzes.missing) == (1, 2, ("a",))
    assert not found.met


@pytest.mark.parametrize("name", ["lessons", "quizzes", "posttest", "attendance", "survey"])
def test_what_the_rules_do_not_ask_is_not_asked(name: str) -> None:
    nothing = CertificateRules()
    without = replace(EVERYTHING, **{name: getattr(nothing, name)})
    assert len(weigh(without).requirements) == 4


@pytest.mark.parametrize("name", ["posttest_passed", "attendance", "survey_sent"])
def test_what_a_cohort_does_not_have_is_not_asked(name: str) -> None:
    found = weigh(facts=replace(DONE, **{name: None}))
    assert len(found.requirements) == 4
    assert found.met


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (replace(DONE, posttest_passed=False), "tes_akhir"),
        (replace(DONE, attendance=79), "kehadiran"),
        (replace(DONE, attendance=0), "kehadiran"),
        (replace(DONE, survey_sent=False), "survei"),
    ],
)
def test_what_the_cohort_has_and_the_person_did_not_is_missing(facts: LearnerFacts, kind: str) -> None:
    assert [part.kind for part in weigh(facts=facts).missing] == [kind]


def test_a_bar_counts_each_lesson_and_quiz_and_everything_else_as_one() -> None:
    assert weigh().steps == (8, 8)
    assert weigh(facts=learned({"a"})).steps == (4, 8)
    found = weigh(facts=replace(DONE, posttest_passed=False, attendance=79, survey_sent=False))
    assert found.steps == (5, 8)
    assert weigh(facts=learned()).missing_of("kuis") == QUIZZES
    assert weigh(CertificateRules(lessons=True)).missing_of("kuis") == ()


@pytest.mark.parametrize("rules", [CertificateRules(), CertificateRules(attendance=80, survey=True)])
def test_where_a_certificate_asks_nothing_of_the_course_progress_counts_all_of_it(rules: CertificateRules) -> None:
    assert weigh(
        counted(rules), facts=replace(DONE, posttest_passed=False, attendance=None, survey_sent=None)
    ).steps == (5, 6)
    assert counted(CertificateRules(lessons=True)) == CertificateRules(lessons=True)


def test_more_than_asked_is_enough() -> None:
    assert weigh(facts=replace(DONE, attendance=100)).met


def test_a_certificate_that_asks_nothing_is_never_met() -> None:
    assert not weigh(CertificateRules()).met
    assert not completion(EVERYTHING, (), (), LearnerFacts()).met


def test_attendance_of_nothing_asked_is_met_by_coming_never() -> None:
    found = weigh(replace(EVERYTHING, attendance=0), facts=replace(DONE, attendance=0))
    assert found.met


@given(KNOWN, KNOWN, KNOWN, KNOWN)
def test_doing_more_never_takes_anything_away(
    finished: frozenset[str], passed: frozenset[str], more: frozenset[str], yet_more: frozenset[str]
) -> None:
    before = weigh(facts=learned(finished, passed))
    after = weigh(facts=learned(finished | more, passed | yet_more))
    assert after.met or not before.met
    for one, two in zip(before.requirements, after.requirements, strict=True):
        assert two.done >= one.done
        assert set(two.missing) <= set(one.missing)


@given(KNOWN, KNOWN)
def test_done_and_missing_make_up_what_is_asked(finished: frozenset[str], passed: frozenset[str]) -> None:
    for part in weigh(facts=learned(finished, passed)).requirements[:2]:
        assert part.done + len(part.missing) == part.asked
        assert part.met == (not part.missing)


LETS_GO = replace(EVERYTHING, droppable=("pelajaran", "kuis", "survei"))


def test_a_cohort_drops_what_its_course_lets_go_and_nothing_else() -> None:
    left = LETS_GO.without(["pelajaran", "survei", "kehadiran"])
    assert left.asked == ("kuis", "tes_akhir", "kehadiran")
    assert [part.kind for part in weigh(left).requirements] == ["kuis", "tes_akhir", "kehadiran"]
    assert EVERYTHING.without(["pelajaran"]) == EVERYTHING


def test_one_requirement_stays_whatever_was_dropped() -> None:
    alone = CertificateRules(lessons=True, droppable=("pelajaran",))
    assert alone.without(["pelajaran"]).asked == ("pelajaran",)


def test_what_was_dropped_is_not_brought_back_by_showing_all_there_is_to_do() -> None:
    hall = LETS_GO.without(["pelajaran", "kuis"])
    assert weigh(counted(LETS_GO).without(["pelajaran", "kuis"]), learned()) == weigh(hall, learned())
