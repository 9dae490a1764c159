"""Rulings on questions, by a trainer: first what would change, then the decision, then everybody graded again."""

import time

from flask import Blueprint, abort, make_response, redirect, render_template, request
from markupsafe import escape
from werkzeug import Response

from lms.course.form import CaseItem
from lms.course.grading import RulingFact, RulingKind
from lms.course.load import edition_view
from lms.course.questions.base import Value
from lms.course.questions.choice import SingleChoice
from lms.course.questions.written import ShortAnswer
from lms.db.engine import writing
from lms.people.access import Training, training
from lms.people.office import office_name
from lms.quiz import actions
from lms.quiz import ruling_queries as queries
from lms.quiz.queries import questions_of
from lms.quiz.sheet import JudgedChoice, JudgedQuestion, ShownQuestion, expected_words, judge
from lms.web.clock import now

bp = Blueprint("rulings", __name__)

KINDS: dict[str, RulingKind] = {"batal": "batal", "terima": "terima", "kunci": "kunci"}
WORDS = {"batal": "Dibatalkan", "terima": "Jawaban lain diakui", "kunci": "Kunci diganti", "dicabut": "Putusan dicabut"}
AT_ONCE = 20
WORKS_SECONDS = 2.0
# What a person writes in one word or number; no two write the same few sentences.
WRITTEN = ("teks", "angka", "tanggal")
NO_KIND = "Pilih dulu salah satu putusan."
NO_REASON = "Tulis alasannya; alasan ini tercatat dan dibaca pelatih lain."
NO_TEXT = "Tulis jawaban yang diakui."
LONGEST_SEARCH = 80
LONGEST_ANSWER = 200
LONGEST_REASON = 500


def _question(code: str, question_hash: str) -> tuple[Training, queries.RuledQuiz, queries.Asked]:
    trained = training(code)
    edition = edition_view(trained.edition_id, trained.slug)
    return trained, *(queries.question_of(edition, trained.course_id, question_hash) or abort(404))


@bp.get("/pelatih/<code>/soal")
def questions(code: str) -> str:
    """Everything that is graded in the course, or what of it holds the words that are looked for."""
    trained, wanted = training(code), " ".join(request.args.get("cari", "").split())[:LONGEST_SEARCH]
    edition = edition_view(trained.edition_id, trained.slug)
    return render_template(
        "quiz/daftar.html",
        cohort=trained,
        modules=queries.by_module(edition, queries.places_with(queries.places(edition), wanted)),
        former=list(queries.places_with(queries.former_places(edition, trained.course_id), wanted)),
        wanted=wanted,
    )


@bp.get("/pelatih/<code>/soal/<question_hash>")
def question(code: str, question_hash: str) -> str:
    """The question with its truth, what was decided about it, and what may be."""
    return _page(*_question(code, question_hash))


def _page(trained: Training, place: queries.RuledQuiz, asked: queries.Asked, fault: str = "") -> str:
    return render_template(
        "quiz/putusan_soal.html",
        cohort=trained,
        place=place,
        question=asked,
        judged=_judged(asked, place),
        named=_named(asked),
        with_key=not isinstance(asked, CaseItem),
        ruled=queries.ruled(trained.course_id, asked.hash),
        waiting=len(queries.to_regrade(trained.course_id, asked.hash, AT_ONCE)),
        words=WORDS,
        fault=fault,
        wrong={"": "", NO_KIND: "putusan", NO_REASON: "alasan"}.get(fault, "jawaban"),
        typed=request.form,
        chosen=request.form.getlist("jawaban"),
    )


def _judged(asked: queries.Asked, place: queries.RuledQuiz) -> JudgedQuestion:
    """It with its truth; of a form's field, with its model answer."""
    if not isinstance(asked, CaseItem):
        return judge(asked, place.path, place.edition, "jawaban", tuple(asked.items))
    key, none = asked.key, escape("")
    choices = [(each, escape(words)) for each, words in asked.items.items()]
    shown = ShownQuestion("jawaban", asked.field.kind, "", escape(asked.title), none, choices, [])
    truth = [JudgedChoice(each, words, key is not None and each in key.answer, none) for each, words in choices]
    model = escape("; ".join(expected_words(asked.field, key) if key else []))
    return JudgedQuestion(shown, None, truth, model, none)


def _named(asked: queries.Asked) -> str:
    """How another answer to it can be named: of its choices, in writing, or not at all."""
    if isinstance(asked, CaseItem):
        return "pilihan" if asked.items else "tulisan" if asked.field.kind in WRITTEN else ""
    return "pilihan" if isinstance(asked, SingleChoice) else "tulisan" if isinstance(asked, ShortAnswer) else ""


def _kind(trained: Training, asked: queries.Asked) -> tuple[RulingKind | None, Value]:
    """The kind of ruling that the form asks for, with the id of the one to withdraw where it is that."""
    wanted, _, number = request.form.get("putusan", "").partition("-")
    if wanted != "dicabut":
        return KINDS.get(request.form.get("putusan", "")), ()
    made = {str(each.id) for each, _ in queries.ruled(trained.course_id, asked.hash) if each.kind != wanted}
    return ("dicabut", (number,)) if number in made else (None, ())


def _planned(trained: Training, asked: queries.Asked) -> tuple[RulingFact | None, str]:
    """(the ruling that the form asks for, "") or (None, what is missing in it)."""
    kind, which = _kind(trained, asked)
    if kind is None:
        return None, NO_KIND
    if not request.form.get("alasan", "").strip():
        return None, NO_REASON
    if kind in ("batal", "dicabut"):
        return RulingFact(asked.hash, kind, which), ""
    named = _named(asked)
    if not named or (kind == "kunci" and isinstance(asked, CaseItem)):
        return None, "Putusan ini tidak ada untuk soal atau isian jenis ini. Pilih yang lain."
    if named == "pilihan":
        value = asked.clean(request.form.getlist("jawaban"), tuple(asked.items))
        return (RulingFact(asked.hash, kind, value), "") if value else (None, "Pilih jawaban yang diakui.")
    text = request.form.get("teks", "").strip()[:LONGEST_ANSWER]
    fault = asked.field.fault((text,)) if text and isinstance(asked, CaseItem) else ""
    return (RulingFact(asked.hash, kind, (text,)), "") if text and not fault else (None, fault or NO_TEXT)


def _wanted(code: str, question_hash: str) -> tuple[Training, queries.RuledQuiz, queries.Asked, RulingFact, str]:
    """The question with the ruling that is asked for and its reason; the page says what is missing in it."""
    trained, place, asked = _question(code, question_hash)
    planned, fault = _planned(trained, asked)
    if planned is None:
        abort(make_response(_page(trained, place, asked, fault), 422))
    return trained, place, asked, planned, request.form.get("alasan", "").strip()[:LONGEST_REASON]


@bp.post("/pelatih/<code>/soal/<question_hash>/lihat")
def preview(code: str, question_hash: str) -> str:
    """Show whom a ruling would touch and how scores would change; nothing is written yet."""
    trained, place, asked, planned, reason = _wanted(code, question_hash)
    touched = queries.changes(trained.course_id, planned, trained.viewer.person_id)
    return render_template(
        "quiz/lihat.html",
        cohort=trained,
        place=place,
        question=asked,
        planned=planned,
        word=WORDS[planned.kind],
        reason=reason,
        text=request.form.get("teks", ""),
        touched=touched,
        changed=[change for change in touched if change.changes],
        office=office_name(),
        resting=queries.certificates_resting_on(trained.course_id, touched),
    )


@bp.post("/pelatih/<code>/soal/<question_hash>")
def decide(code: str, question_hash: str) -> Response:
    """Keep the ruling and grade again whom it touches; what is left after two seconds waits for the next press."""
    trained, _, asked, planned, reason = _wanted(code, question_hash)
    with writing():
        actions.decide(trained.course_id, planned, reason, trained.viewer.person_id, now())
    return _grade_again(trained, asked)


@bp.post("/pelatih/<code>/soal/<question_hash>/nilai-ulang")
def go_on(code: str, question_hash: str) -> Response:
    """Grade again who is still left."""
    trained, _, asked = _question(code, question_hash)
    return _grade_again(trained, asked)


def _grade_again(trained: Training, asked: queries.Asked) -> Response:
    until = time.monotonic() + WORKS_SECONDS
    while time.monotonic() < until:
        left = queries.to_regrade(trained.course_id, asked.hash, AT_ONCE)
        if not left:
            break
        with writing():
            for facts in left:
                actions.add_grading(facts, questions_of(facts), queries.RULED, now())
    return redirect(f"/pelatih/{trained.code}/soal/{asked.hash}?tetap=1#putusan", 303)
