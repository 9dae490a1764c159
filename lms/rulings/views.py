"""Rulings on questions, by a trainer: first what would change, then the decision, then everybody graded again."""

import time

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug import Response

from lms.content.load import edition_view
from lms.core.grading import RulingFact, RulingKind
from lms.core.questions import Question, SingleChoice
from lms.core.questions.written import ShortAnswer
from lms.database import writing
from lms.quizzes.sheet import judge, show
from lms.rulings import actions, queries
from lms.web.access import Training, training
from lms.web.clock import now

bp = Blueprint("rulings", __name__)

KINDS: dict[str, RulingKind] = {"batal": "batal", "terima": "terima", "kunci": "kunci"}
WORDS = {"batal": "Soal dibatalkan", "terima": "Jawaban lain diakui", "kunci": "Kunci diganti"}
AT_ONCE = 20
WORKS_SECONDS = 2.0
LONGEST_ANSWER = 200
LONGEST_REASON = 500


def _question(code: str, question_hash: str) -> tuple[Training, queries.Place, Question]:
    trained = training(code)
    found = queries.question_of(edition_view(trained.edition_id, trained.slug), question_hash)
    if found is None:
        abort(404)
    return trained, *found


@bp.get("/pelatih/<code>/soal")
def questions(code: str) -> str:
    """Every graded question of the course."""
    trained = training(code)
    places = list(queries.places(edition_view(trained.edition_id, trained.slug)))
    return render_template("rulings/daftar.html", cohort=trained, places=places)


@bp.get("/pelatih/<code>/soal/<question_hash>")
def question(code: str, question_hash: str) -> str:
    """The question with its truth, what was decided about it, and what may be."""
    return _page(*_question(code, question_hash))


def _page(trained: Training, place: queries.Place, asked: Question, fault: str = "") -> str:
    edition = edition_view(trained.edition_id, trained.slug)
    shown = show(asked, place.path, edition, "jawaban", tuple(asked.items))
    return render_template(
        "rulings/soal.html",
        cohort=trained,
        place=place,
        question=asked,
        judged=judge(shown, asked, place.path, edition),
        with_choices=isinstance(asked, SingleChoice),
        with_text=isinstance(asked, ShortAnswer),
        ruled=queries.ruled(trained.course_id, asked.hash),
        waiting=len(queries.to_regrade(trained.course_id, asked.hash, AT_ONCE)),
        words=WORDS,
        fault=fault,
        typed=request.form,
        chosen=request.form.getlist("jawaban"),
    )


def _planned(asked: Question) -> tuple[RulingFact | None, str]:
    """(the ruling that the form asks for, "") or (None, what is missing in it)."""
    kind = KINDS.get(request.form.get("putusan", ""))
    if kind is None:
        return None, "Pilih dulu salah satu putusan."
    if not request.form.get("alasan", "").strip():
        return None, "Tulis alasannya; alasan ini tercatat dan dibaca pelatih lain."
    if kind == "batal":
        return RulingFact(asked.hash, kind), ""
    if isinstance(asked, ShortAnswer):
        text = request.form.get("teks", "").strip()[:LONGEST_ANSWER]
        return (RulingFact(asked.hash, kind, (text,)), "") if text else (None, "Tulis jawaban yang diakui.")
    if isinstance(asked, SingleChoice):
        value = asked.clean(request.form.getlist("jawaban"), tuple(asked.items))
        return (RulingFact(asked.hash, kind, value), "") if value else (None, "Pilih jawaban yang diakui.")
    return None, "Soal jenis ini hanya dapat dibatalkan."


@bp.post("/pelatih/<code>/soal/<question_hash>/lihat")
def preview(code: str, question_hash: str) -> str | tuple[str, int]:
    """Who would be touched and how scores would change; nothing is written yet."""
    trained, place, asked = _question(code, question_hash)
    planned, fault = _planned(asked)
    if planned is None:
        return _page(trained, place, asked, fault), 422
    touched = queries.changes(trained.course_id, planned, trained.viewer.person_id)
    return render_template(
        "rulings/lihat.html",
        cohort=trained,
        question=asked,
        planned=planned,
        word=WORDS[planned.kind],
        reason=request.form.get("alasan", "").strip()[:LONGEST_REASON],
        text=request.form.get("teks", ""),
        touched=touched,
        changed=[change for change in touched if change.changes],
        resting=queries.certificates_resting_on(trained.course_id, touched),
    )


@bp.post("/pelatih/<code>/soal/<question_hash>")
def decide(code: str, question_hash: str) -> Response | tuple[str, int]:
    """Keep the ruling and grade again whom it touches; what is left after two seconds waits for the next press."""
    trained, place, asked = _question(code, question_hash)
    planned, fault = _planned(asked)
    if planned is None:
        return _page(trained, place, asked, fault), 422
    reason = request.form.get("alasan", "").strip()[:LONGEST_REASON]
    with writing():
        actions.decide(trained.course_id, planned, reason, trained.viewer.person_id, now())
    return _grade_again(trained, asked)


@bp.post("/pelatih/<code>/soal/<question_hash>/nilai-ulang")
def go_on(code: str, question_hash: str) -> Response:
    """Grade again who is still left."""
    trained, _, asked = _question(code, question_hash)
    return _grade_again(trained, asked)


def _grade_again(trained: Training, asked: Question) -> Response:
    until = time.monotonic() + WORKS_SECONDS
    while time.monotonic() < until:
        left = queries.to_regrade(trained.course_id, asked.hash, AT_ONCE)
        if not left:
            break
        with writing():
            actions.grade_again(left, now())
    return redirect(f"/pelatih/{trained.code}/soal/{asked.hash}#putusan", 303)
