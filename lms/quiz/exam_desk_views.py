"""The tests of a cohort at its trainer's desk: letting them be taken, who is in, what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.course.load import edition_view
from lms.db.engine import writing
from lms.people.access import Training, training
from lms.people.actions import note
from lms.people.jobs import JobFacts, advance, begin
from lms.quiz import actions
from lms.quiz import exam_cohort_queries as cohort_queries
from lms.quiz.items import ENOUGH, Item, faults, misled
from lms.quiz.queries import CLOSED, POSTTEST, PRETEST, questions_of
from lms.quiz.sheet import judge
from lms.quiz.window import ACTS, State, Window, read_window, state_of
from lms.web.clock import now
from lms.web.dates import WIB

bp = Blueprint("exams_event", __name__)

TESTS = {"awal": PRETEST, "akhir": POSTTEST}
AT_ONCE = 5
GRADING = "nilai-tes"
ASK_AGAIN = "Beri tanda dulu bahwa tes memang akan ditutup, lalu tekan lagi."
CHANGED = "Keadaan tes ini berubah sejak halaman dibuka, jadi belum ada yang diubah. Lihat di atas, lalu pilih lagi."
OVER = "Angkatan ini atau kedua tesnya sudah ditutup, jadi tesnya tidak dapat diatur lagi. Tidak ada yang berubah."


@dataclass(frozen=True, slots=True)
class Test:
    """One test on the trainer's page: how it stands, who of the cohort is how far, what was typed wrongly."""

    which: str
    window: Window | None
    state: State
    people: Sequence[cohort_queries.Sitter]
    fault: str = ""

    def at(self, stage: str) -> list[cohort_queries.Sitter]:
        """Return the people who are at this stage: "belum", "sedang" or "sudah"."""
        return [each for each in self.people if each.stages[TESTS[self.which]] == stage]

    def typed(self, field: str) -> str:
        """An hour as its field holds it."""
        if self.fault:
            return request.form.get(field, "")
        moment = self.window and (self.window.opens_at if field == "buka" else self.window.closes_at)
        return f"{moment.astimezone(WIB):%Y-%m-%dT%H:%M}" if moment else ""


@bp.get("/pelatih/<code>/tes")
def tests(code: str) -> str:
    """Both tests in the part asked for: who is in and what may be done, one test's questions, what was learned."""
    trained, part = training(code), request.args.get("bagian", "")
    return _questions(trained, part) if part in TESTS else _gain(trained) if part == "peningkatan" else _page(trained)


def _page(trained: Training, fault: str = "", *, which: str = "", told: str = "") -> str:
    """`told` is what is wrong with the test `which`, `fault` what is wrong with closing both."""
    moment, is_event = now(), trained.kind == "bimtek"
    windows = cohort_queries.windows_of(trained.cohort_id)
    people = cohort_queries.sitters(trained.cohort_id) if is_event else []
    shown = [
        Test(each, windows.get(name), state_of(windows.get(name), moment), people, told if each == which else "")
        for each, name in TESTS.items()
    ]
    return render_template(
        "quiz/tes.html",
        cohort=trained,
        part="",
        tests=shown if is_event else [],
        settled=trained.closed_at or trained.posttest_closed_at,
        fault=fault,
        has_exams=edition_view(trained.edition_id, trained.slug).has_exams,
        sitting=cohort_queries.open_tests(trained.cohort_id, moment),
        unsent=cohort_queries.count_unsent(trained.cohort_id, list(TESTS.values()), moment),
        moment=moment,
    )


@bp.post("/pelatih/<code>/tes")
def close(code: str) -> Response | tuple[str, int]:
    """Close both tests of the cohort, once it was said that this is meant, and grade what nobody sent."""
    trained, moment = training(code), now()
    if request.form.get("yakin") != "ya":
        return _page(trained, ASK_AGAIN), 422
    with writing():
        if actions.close_tests(trained.cohort_id, moment):
            note(trained.viewer.person_id, "tes ditutup", f"cohort:{trained.cohort_id}", moment, ["posttest_closed_at"])
        onward = _grade_the_rest(trained, "kedua tes", tuple(TESTS.values()), moment)
    return redirect(onward, 303)


@bp.post("/pelatih/<code>/tes/<which>")
def set_window(code: str, which: str) -> Response | tuple[str, int]:
    """Hold a test back, open it, set its hours, or close it and grade what nobody sent."""
    trained, moment = training(code), now()
    name, wanted = TESTS.get(which) or abort(404), request.form.get("aksi", "")
    if wanted not in ACTS or trained.kind != "bimtek":
        abort(400)
    held = cohort_queries.windows_of(trained.cohort_id).get(name)
    window, state = read_window(request.form, held, moment), state_of(held, moment)
    if wanted == "tutup" and request.form.get("yakin") != "ya" and state != "ditutup":
        window = ASK_AGAIN
    if window != held and request.form.get("tadi", state) != state:
        return _page(trained, which=which, told=CHANGED), 409
    if isinstance(window, str):
        return _page(trained, which=which, told=window), 422
    onward = f"/pelatih/{trained.code}/tes"
    with writing():
        is_set = window == held or actions.set_window(trained.cohort_id, name, window)
        if is_set and window != held:
            by, what = trained.viewer.person_id, f"cohort:{trained.cohort_id}"
            note(by, f"tes {which} {ACTS[wanted]}", what, moment, [name])
        if is_set and wanted == "tutup":
            onward = _grade_the_rest(trained, f"tes {which}", (name,), moment)
    return redirect(onward, 303) if is_set else (_page(trained, which=which, told=OVER), 409)


def _grade_the_rest(trained: Training, which: str, names: Sequence[str], moment: datetime) -> str:
    """Return where the trainer goes on: to the work of grading, if there is any, then to the results."""
    onward = f"/pelatih/{trained.code}/tes" + ("?bagian=awal" if names == (PRETEST,) else "")
    left = cohort_queries.count_unsent(trained.cohort_id, names, moment)
    if not left:
        return onward
    job_id = begin(
        GRADING,
        trained.viewer.person_id,
        moment,
        title=f"Menilai {which} yang belum dikirim",
        onward=onward,
        total=left,
        told={"tes": names},
        cohort_id=trained.cohort_id,
    )
    return f"/kerja/{job_id}"


def grade_unsent(job: JobFacts) -> None:
    """Some more of what the end of a test found open: what was saved is graded as if it had been sent then."""
    moment = now()
    left = cohort_queries.unsent(job.cohort_id or 0, job.told["tes"], moment, AT_ONCE)
    questions = [questions_of(attempt) for attempt in left]
    # The work ends where nothing is left, whatever was counted when it began.
    to = job.total if len(left) < AT_ONCE else min(job.position + len(left), job.total - 1)
    with writing():
        if advance(job, to, moment):
            for attempt, asked in zip(left, questions, strict=True):
                actions.submit(attempt, asked, moment, CLOSED)


def _analysed(sat: cohort_queries.Sat, item: Item, editor: str = "", *, learned: bool) -> dict[str, Any]:
    """Return a question with its truth and what became of it: `misled`, the wrong choice that most took, and how many.

    `editor` is the address where it is mended, "" for who may not or where the draft has it no more.
    """
    asked = sat.asked[item.hash]
    question = asked.question
    judged = judge(question, asked.path, asked.edition, "soal", tuple(question.items))
    most = misled(item, question)
    taken = next(((most[0], choice) for choice in judged.choices if most and choice.key == most[1].key), None)
    found = faults(item, question, learned=learned)
    return {"item": item, "judged": judged, "misled": taken, "faults": found, "editor": editor}


def _questions(trained: Training, which: str) -> str:
    """For who speaks next: how much of each materi is known, what most took for true; then each question for who
    mends it: how hard it was, what was chosen, what of it is worth a look. It names nobody.
    """
    name, moment = TESTS[which], now()
    sat = cohort_queries.sat_in(trained, (name,))
    figures = sat.report.pre if name == PRETEST else sat.report.post
    found = figures.items if figures else ()
    subjects = list(figures.subjects.items()) if figures else []
    if figures and figures.enough:
        subjects.sort(key=lambda subject: subject[1].share)
    drafted = cohort_queries.in_draft(trained, trained.viewer, {sat.asked[item.hash].path for item in found})
    editors = [drafted.get(sat.asked[item.hash].name, ("", ""))[0] for item in found]
    lines = [_analysed(sat, *each, learned=name == POSTTEST) for each in zip(found, editors, strict=True)]
    state = state_of(cohort_queries.windows_of(trained.cohort_id).get(name), moment)
    return render_template(
        "quiz/tes.html",
        cohort=trained,
        part=which,
        figures=figures,
        subjects=subjects,
        missed=[_analysed(sat, item, learned=False) for item in (figures.missed if figures else ())],
        lines=lines,
        mend=[line for line in lines if line["faults"]],
        closed=state == "ditutup" or trained.posttest_closed_at is not None,
        enough=ENOUGH,
        moment=moment,
    )


def _gain(trained: Training) -> str:
    """Show what was learned between both tests: of the class, of each materi, of each person."""
    report = cohort_queries.sat_in(trained, with_answers=False).report
    names = {each.membership_id: each.name for each in cohort_queries.sitters(trained.cohort_id)}
    return render_template(
        "quiz/tes.html",
        cohort=trained,
        part="peningkatan",
        report=report,
        pairs=[(name, report.pairs[who]) for who, name in names.items() if who in report.pairs],
        only_pre=[name for who, name in names.items() if who in report.only_pre],
        only_post=[name for who, name in names.items() if who in report.only_post],
        enough=ENOUGH,
    )
