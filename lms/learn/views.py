"""The front page, the course, the lesson: readable by anybody, with progress for who has joined."""

from datetime import timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug import Response as AnyResponse

from lms.course import queries as content
from lms.course.form import Form
from lms.course.glossary import alphabetical, matching
from lms.course.load import EditionView, edition_view, filled, form_of, meanings, rendered_form, rendered_glossary
from lms.db.engine import writing
from lms.learn import actions, queries
from lms.learn.article import Article, article
from lms.learn.inquiry_queries import newest_answer
from lms.learn.queries import case_step, case_steps, next_step
from lms.people.access import edition_of, may_edit, send_on, signed_in
from lms.people.held import waiting_words
from lms.people.queries import cared_for, selfstudy_code
from lms.people.viewer import owner_mark, viewer
from lms.quiz.queries import newest_reply
from lms.web.clock import now, today
from lms.web.media import media
from lms.web.shared import shared_page
from lms.web.textsize import text_size

bp = Blueprint("learn", __name__)

LONGEST_SEARCH = 80
REPLY_IS_NEWS = timedelta(days=14)


@bp.get("/")
def front() -> str:
    """Show what this site is, the courses, the ways in; to a signed-in person where to go on."""
    who = viewer()
    refs = content.read_editions(who.person_id if who else None, today())
    places = [(ref, edition_view(ref.edition_id, ref.slug)) for ref in refs]
    courses = []
    for (ref, edition), person in zip(places, queries.progress_in(places), strict=True):
        step = next_step(edition, person) if person.joined else None
        courses.append((edition, queries.standing(edition, person)[0], step, ref.event))
    is_staff = who is not None and who.is_staff
    return render_template(
        "learn/depan.html",
        who=who,
        courses=[found for found in courses if not found[0].course.for_trainers],
        manuals=[found for found in courses if found[0].course.for_trainers and (is_staff or found[2])],
        cares_for=cared_for(who.person_id) if who and who.is_staff else [],
        answer=newest_answer(who.person_id, now() - REPLY_IS_NEWS) if who else None,
        erasures=waiting_words(now()) if who and who.is_admin else "",
    )


@bp.get("/belajar/<slug>")
def course(slug: str) -> str:
    """The course with its modules, progress and what is still missing for the certificate."""
    ref, edition = edition_of(slug)
    person = queries.progress(ref, edition)
    standing, minutes_left = queries.standing(edition, person)
    completes = queries.cohort_completion if ref.cohort_id else queries.selfstudy_completion
    return render_template(
        "learn/kursus.html",
        edition=edition,
        person=person,
        step=next_step(edition, person),
        completion=completes(edition, person),
        standing=standing,
        minutes_left=minutes_left,
        modules=[queries.standing(edition, person, module.lessons) for module in edition.course.modules],
        unread=next((identity for identity in edition.order if identity not in person.finished), None),
        join_code=None if person.joined else selfstudy_code(ref.id),
        event=ref.event,
        running=ref.cohort_id is not None,
        reply=newest_reply(ref.enrolment_id, now() - REPLY_IS_NEWS) if ref.enrolment_id else None,
    )


def _place(edition: EditionView, identity: str) -> dict[str, Any]:
    """A lesson among the others: its module, its place in it, its neighbours."""
    module, (before, after) = edition.module_of(identity), edition.neighbours(identity)
    number = [lesson.identity for lesson in module.lessons].index(identity) + 1
    return {"module": module.title, "number": number, "count": len(module.lessons), "before": before, "after": after}


@bp.get("/belajar/<slug>/<path:identity>")
def lesson(slug: str, identity: str) -> AnyResponse:
    """A lesson, open to everybody; who has joined finishes it by the button below. A form leads to its cases."""
    ref, edition = edition_of(slug)
    if form := form_of(edition, identity):
        return make_response(_form_page(ref, edition, form))
    send_on(edition, identity)
    body = article(edition, identity)
    person, who = queries.progress(ref, edition, with_exams=False), viewer()
    state = _LessonState(
        edition.id,
        identity,
        text_size(),
        who is not None,
        who is not None and who.is_staff,
        may_edit(ref.id),
        person.joined,
        identity in person.finished,
        person.standing(identity).passed,
        None if person.joined else selfstudy_code(ref.id),
    )
    return shared_page(state, _own_words(state), lambda: _lesson_page(edition, body, state))


class _LessonState(NamedTuple):
    """All that a lesson page depends on but its reader's form token and mark."""

    edition_id: int
    identity: str
    text_size: str
    signed_in: bool
    is_staff: bool
    may_edit: bool
    joined: bool
    finished: bool
    passed: bool
    join_code: str | None

    @property
    def with_form(self) -> bool:
        """Whether the page ends with the button that finishes the lesson."""
        return self.joined and not self.finished


def _form_page(ref: content.CourseRef, edition: EditionView, form: Form) -> str:
    """Its cases from the example to the one filled in alone, and where one stands."""
    person, rendered = queries.progress(ref, edition), rendered_form(edition, form)
    onward = case_step(edition, form, person) or next_step(edition, person, after=form.path)
    return render_template(
        "learn/formulir.html",
        edition=edition,
        outline=edition.lessons[form.path],
        form=form,
        intro=filled(edition, rendered.intro),
        legal=[filled(edition, rule) for rule in rendered.legal],
        cases=case_steps(edition, form, person),
        main=onward if person.joined else None,
        person=person,
        place=_place(edition, form.path),
        may_edit=may_edit(ref.id),
        join_code=None if person.joined else selfstudy_code(ref.id),
    )


def _own_words(state: _LessonState) -> list[str]:
    return [*([generate_csrf()] if state.with_form else []), *([owner_mark()] if state.signed_in else [])]


def _lesson_page(edition: EditionView, body: Article, state: _LessonState) -> str:
    return render_template(
        "learn/pelajaran.html",
        edition=edition,
        outline=edition.lessons[state.identity],
        article=body.html,
        has_practice=body.has_practice,
        has_terms=body.has_terms,
        place=_place(edition, state.identity),
        state=state,
        here=request.path,
    )


@bp.post("/belajar/<slug>/<path:identity>")
def finish(slug: str, identity: str) -> AnyResponse:
    """ "Selesai, lanjut": keep the lesson as finished and go to the next step; a form is finished by sending it."""
    signed_in()
    ref, edition = edition_of(slug)
    identity = edition.present(identity)
    if identity not in edition.lessons:
        abort(404)
    if ref.enrolment_id is None or edition.lessons[identity].is_form:
        return redirect(f"/belajar/{slug}/{identity}" if ref.enrolment_id else f"/belajar/{slug}", 303)
    with writing():
        actions.finish_lesson(ref.enrolment_id, identity, edition.id, now())
    return redirect(next_step(edition, queries.progress(ref, edition), after=identity).url, 303)


@bp.get("/istilah/<slug>")
def glossary(slug: str) -> str:
    """All terms of the course by their letters, or those with the words that are looked for."""
    _, edition = edition_of(slug)
    wanted = request.args.get("cari", "").strip()[:LONGEST_SEARCH]
    terms = rendered_glossary(edition).terms
    found = matching(terms, wanted) if wanted else terms
    return render_template(
        "learn/istilah.html",
        edition=edition,
        wanted=wanted,
        count=len(found),
        letters=alphabetical(found, aliases=not wanted),
        meanings=meanings(edition, found),
    )


@bp.get("/media/<blob>")
def picture(blob: str) -> Response:
    """A picture of a published edition, for ever under the hash of its bytes; everything else is 404."""
    found = (content.published_media(blob) if len(blob) == 64 else None) or abort(404)
    response = media(*found) or abort(404)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
