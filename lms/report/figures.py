"""The figures of a report, part by part as JSON: the very values that the pages of tests, survey and plans show.

They name people by their membership only; who has a name then is asked when the report is printed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from statistics import mean
from typing import Any

from flask import current_app

from lms.bimtek.queries import counted, roll, state_of, summary
from lms.bimtek.survey import FEWEST, PartTold, ToldItem
from lms.cohort.coverage import STATES
from lms.cohort.desk_queries import covered
from lms.course.load import rendered_question
from lms.people.access import CohortFacts
from lms.quiz.exam_cohort_queries import Asked, Sat, sat_in
from lms.quiz.exam_report import ExamReport, Figures, Group, Score, ScorePair
from lms.report import queries
from lms.web.rounding import desimal, nilai, persen

GAINS = {"tinggi": "tinggi", "sedang": "sedang", "rendah": "rendah", "turun": "menurun", "penuh": "awal 100"}


def _gain(value: Fraction | None) -> str:
    return "–" if value is None else desimal(value, 2)


def _mean(share: Fraction | None) -> str:
    return "–" if share is None else desimal(100 * share, 1)


def _score(found: Score) -> str:
    return nilai(100 * found.share, found.mark)


def attendance(held: CohortFacts, _: datetime) -> dict[str, Any]:
    """Everybody's states, one for each meeting, and the percent they came to, exactly, as 200/3."""
    seen = roll(held.cohort_id)
    told = [share for share in seen.shares.values() if share is not None]
    return {
        "dicatat": any(map(any, seen.states.values())),
        "orang": {str(who): states for who, states in seen.states.items()},
        "persen": {str(who): None if share is None else str(share) for who, share in seen.shares.items()},
        "rata": desimal(mean(told), 1) if told else "–",
    }


def tests(held: CohortFacts, _: datetime) -> dict[str, Any]:
    """Both tests, the gains, everybody's scores, and each question with how many were right."""
    sat = sat_in(held, with_answers=False)
    report = sat.report
    passed = report.passed_share
    return {
        "awal": _test(report.pre),
        "akhir": _test(report.post),
        "lulus": report.passed,
        "lulus_persen": "" if passed is None else persen(100 * passed),
        "kelompok": [_group(group) for group in report.groups],
        "orang": [[who, *_pair(pair)] for who, pair in _by_place(held, report.pairs)],
        "hanya_awal": len(report.only_pre),
        "hanya_akhir": len(report.only_post),
        "soal": _items(sat, report),
        "svg": _slopes(report) if report.groups else "",
    }


def _test(found: Figures | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "n": found.n,
        "nilai": [_mean(found.mean), _score(found.lowest), _score(found.highest)],
        "materi": [[title, _mean(each.share), float(each.share)] for title, each in found.subjects.items()],
    }


def _group(group: Group) -> dict[str, Any]:
    gain = group.gain
    return {
        "kapan": "setelah belajar daring" if group.after_learning else "sebelum belajar",
        "n": gain.n,
        "awal": _mean(gain.pre),
        "akhir": _mean(gain.post),
        "kelas": _gain(gain.of_means),
        "kata": GAINS[gain.word] if gain.word else "",
        "perorangan": _gain(gain.mean),
        "dihitung": gain.told,
        "penuh": gain.n - gain.told,
        "turun": (gain.post or 0) < (gain.pre or 0),
        "materi": [
            [title, str(each.n), _mean(each.pre), _mean(each.post), _gain(each.of_means)]
            for title, each in group.subjects.items()
        ],
    }


def _pair(pair: ScorePair) -> list[str]:
    return [_score(pair.pre), _score(pair.post), _gain(pair.gain), GAINS[pair.word]]


def _by_place(held: CohortFacts, pairs: Mapping[int, ScorePair]) -> list[tuple[int, ScorePair]]:
    """In the order of the list of people; whoever has no name any more comes last."""
    order = [*(each for each in queries.people(held.cohort_id) if each in pairs)]
    return [(who, pairs[who]) for who in dict.fromkeys([*order, *pairs])]


def _items(sat: Sat, report: ExamReport) -> list[list[str]]:
    right: dict[str, list[str]] = {}
    for column, found in enumerate((report.pre, report.post)):
        for item in found.items if found else ():
            right.setdefault(item.hash, ["", ""])[column] = f"{item.right} dari {item.asked}"
    subjects = {item.hash: item.subject for found in (report.pre, report.post) if found for item in found.items}
    return [[subjects[key], question_words(sat.asked[key]), *counts] for key, counts in right.items()]


def question_words(asked: Asked) -> str:
    """Return the wording of a question as plain words on one line."""
    rendered = rendered_question(asked.question, asked.path)
    title, prompt = rendered.title.striptags(), rendered.prompt.striptags()
    return f"{title}{' ' if title[-1:] in ('', '.', '?', '!') else '. '}{prompt}".strip()


def _slopes(report: ExamReport) -> str:
    """The picture of the page."""
    drawn = current_app.jinja_env.get_template("quiz/_lereng.html").module
    return str(drawn.slopes(list(report.pairs.items()), report.groups)).strip()  # type: ignore[attr-defined] # A macro.


def survey(held: CohortFacts, now: datetime) -> dict[str, Any]:
    """Return what may be told of the survey, and nothing before it is over."""
    state, told = state_of(held.cohort_id), summary(held.cohort_id, now)
    enough = told if told and told.sent >= FEWEST else None
    parts = {each.part.key: each for each in enough.parts} if enough else {}
    return {
        "terkirim": state.sent,
        "dari": state.of,
        "dibuka": state.opens_at is not None,
        "ditutup": told is not None,
        "bagian": [_part(each) for each in parts.values() if each.part.banded],
        "penyelenggaraan": [_answered(each) for each in _told(parts.get("acara"))],
        "kesiapan": [_answered(each)[:2] for each in _told(parts.get("siap"))],
    }


def written(held: CohortFacts, now: datetime) -> list[tuple[str, Sequence[str]]]:
    """Open questions with their answers, where enough wrote: read when the report is printed, and kept nowhere else."""
    told = summary(held.cohort_id, now)
    return [(words, said) for words, said in told.written.items() if said] if told else []


def _told(part: PartTold | None) -> list[ToldItem]:
    return [each for each in part.questions if each.mean is not None] if part else []


def _answered(told: ToldItem) -> list[Any]:
    assert told.mean is not None
    return [told.question, desimal(told.mean, 2), float(told.mean)]


def _part(each: PartTold) -> list[str]:
    if each.index is None or each.band is None:
        return [each.part.title, "–", f"kurang dari {FEWEST} jawaban"]
    return [each.part.title, desimal(each.index, 2), f"{each.band[0]} ({each.band[1]})"]


def plans(held: CohortFacts, _: datetime) -> dict[str, int]:
    """How many planned what, and what came of it."""
    found = counted(held.cohort_id)
    return {
        "orang": found.people,
        "rencana": found.plans,
        "ya": found.done,
        "sebagian": found.partly,
        "belum": found.not_yet,
        "kabar": found.unanswered,
    }


def coverage(held: CohortFacts, _: datetime) -> dict[str, dict[str, list[str]]]:
    """Kecamatan that people came from -> state -> its villages, whoever trained them."""
    here = {who.district for who in queries.people(held.cohort_id).values()}
    return {
        each.name: {state: [village.name for village in each.having(state)] for state in STATES}
        for each in covered(held.course_id)
        if each.name in here
    }


PARTS: Mapping[str, Callable[[CohortFacts, datetime], Any]] = {
    "peserta": lambda held, _: list(queries.people(held.cohort_id)),
    "hadir": attendance,
    "tes": tests,
    "survei": survey,
    "rtl": plans,
    "sertifikat": lambda held, _: queries.certificates(held.cohort_id),
    "jangkauan": coverage,
}
"""What is gathered, in this order."""
