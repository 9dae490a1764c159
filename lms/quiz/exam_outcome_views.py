"""What came of the tests of a cohort: the speaker's sheet, the analysis of items, and what was learned between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from lms.people.access import Training, training
from lms.quiz import exam_cohort_queries as cohort_queries
from lms.quiz.exam_cohort_queries import Drafted, Sat
from lms.quiz.exam_desk_views import my_test
from lms.quiz.exam_report import Figures
from lms.quiz.gain import ENOUGH
from lms.quiz.items import Fault, Item, faults, misled
from lms.quiz.queries import POSTTEST, PRETEST
from lms.quiz.sheet import JudgedChoice, JudgedQuestion, judge, show
from lms.quiz.window import state_of
from lms.web.clock import now

bp = Blueprint("exams_outcome", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A question with its truth and what became of it; `misled` is the wrong choice that most took, and how many.

    `editor` is the address where it is mended, "" for who may not or where the draft has it no more.
    """

    item: Item
    judged: JudgedQuestion
    misled: tuple[int, JudgedChoice] | None
    faults: Sequence[Fault]
    editor: str = ""


def _line(sat: Sat, item: Item, *, learned: bool, drafted: Mapping[str, Drafted] | None = None) -> Line:
    asked = sat.asked[item.hash]
    question, path = asked.question, asked.path
    judged = judge(show(question, path, asked.edition, "soal", tuple(question.items)), question, path, asked.edition)
    most = misled(item, question)
    taken = next(((most[0], choice) for choice in judged.choices if most and choice.key == most[1].key), None)
    here = (drafted or {}).get(asked.name)
    return Line(item, judged, taken, faults(item, question, learned=learned), here.editor if here else "")


@bp.get("/pelatih/<code>/tes/<which>/narasumber")
def speakers(code: str, which: str) -> str:
    """For who speaks next: how much of each materi is known, and what most took for true. It names nobody."""
    trained, name = my_test(code, which)
    sat, figures = _figures(trained, name)
    state = state_of(cohort_queries.event_of(trained.cohort_id).windows.get(name), now())
    subjects = list(figures.subjects) if figures else []
    if figures and figures.enough:
        subjects.sort(key=lambda subject: subject.score.share)
    return render_template(
        "quiz/narasumber.html",
        cohort=trained,
        which=which,
        figures=figures,
        subjects=subjects,
        missed=[_line(sat, item, learned=False) for item in (figures.missed if figures else ())],
        closed=state == "ditutup" or trained.posttest_closed_at is not None,
        enough=ENOUGH,
        moment=now(),
    )


def _figures(trained: Training, name: str) -> tuple[Sat, Figures | None]:
    """What the cohort did in one test."""
    sat = cohort_queries.sat_in(trained, (name,))
    report = sat.report
    return sat, report.pre if name == PRETEST else report.post


@bp.get("/pelatih/<code>/tes/<which>/soal")
def items(code: str, which: str) -> str:
    """Every question that was asked: how hard it was, what was chosen, what of it is worth a look."""
    trained, name = my_test(code, which)
    sat, figures = _figures(trained, name)
    found = figures.items if figures else ()
    paths = {sat.asked[item.hash].path for item in found}
    drafted = cohort_queries.in_draft(trained, trained.viewer, paths)
    lines = [_line(sat, item, learned=name == POSTTEST, drafted=drafted) for item in found]
    return render_template(
        "quiz/tes_soal.html",
        cohort=trained,
        which=which,
        figures=figures,
        lines=lines,
        mend=[line for line in lines if line.faults],
        enough=ENOUGH,
    )


@bp.get("/pelatih/<code>/tes/peningkatan")
def gain(code: str) -> str:
    """What was learned between both tests: of the class, of each materi, of each person."""
    trained = training(code)
    report = cohort_queries.sat_in(trained, with_answers=False).report
    names = cohort_queries.names_of(trained.cohort_id)
    return render_template(
        "quiz/peningkatan.html",
        cohort=trained,
        report=report,
        pairs=[(name, report.pairs[who]) for who, name in names.items() if who in report.pairs],
        only_pre=[name for who, name in names.items() if who in report.only_pre],
        only_post=[name for who, name in names.items() if who in report.only_post],
        enough=ENOUGH,
    )
