"""One member for their trainer: what they did and wrote, each attempt, and the help a trainer gives."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug import Response

from lms.cohort import actions
from lms.cohort import member_queries as queries
from lms.course.drawing import Sheet
from lms.course.grading import score_of
from lms.course.load import edition_view
from lms.db.engine import writing
from lms.learn.inquiry_views import box
from lms.learn.queries import cohort_completion
from lms.people import actions as accounts
from lms.people.access import Member, Training, member_of, row_id, training
from lms.people.cards import card_life, card_picture, token_of
from lms.people.person import as_typed, read_person
from lms.people.queries import may_be_helped, person_facts
from lms.people.regions import by_district, villages
from lms.quiz import queries as attempts
from lms.quiz.exam_queries import standing_of
from lms.quiz.queries import AttemptFacts
from lms.web import crockford
from lms.web.above import above
from lms.web.clock import now
from lms.web.security import POLICY, POLICY_HEADER, show_nobody_else

bp = Blueprint("members", __name__)

MEMBER = "/pelatih/<code>/anggota/<id:membership_id>"
LAST_PAGE = 10_000
ATTEMPT = MEMBER + "/percobaan/<attempt_id>"
LONGEST_REPLY = 1_000
NO_REPLY = "Tulis jawaban Anda dulu, paling panjang 1.000 huruf."

ASK_AGAIN = "Beri tanda dulu bahwa ini memang dimaksud, lalu tekan lagi."
UNKNOWN_DIGITS = "Tidak ada HP yang menampilkan delapan angka ini sekarang. Periksa lagi; kode berlaku 15 menit."
NEWS = {
    "kartu": "Kartu lama tidak berlaku lagi, dan semua HP yang masuk sebagai orang ini sudah dikeluarkan. "
    "Buat kode masuk supaya ia dapat masuk lagi sekarang, lalu serahkan kartu yang baru.",
    "cocok": "Kode cocok. HP itu sekarang dapat masuk.",
    "kesempatan": "Satu kesempatan lagi sudah diberikan.",
    "data": "Data sudah disimpan.",
    "tetap": "Tidak ada yang berubah: isinya sama seperti sebelumnya.",
    "angkatan": "Keanggotaan sudah diubah.",
}
FIELDS = {
    "name": "nama",
    "title_before": "gelar di depan",
    "title_after": "gelar di belakang",
    "region": "desa",
    "phone": "nomor HP",
}
PRINTED = FIELDS.keys() - {"phone"}


@dataclass(frozen=True, slots=True)
class TrainedMember:
    """A member of a cohort that the viewer trains."""

    trained: Training
    member: Member

    @property
    def address(self) -> str:
        """The page of the member."""
        return f"/pelatih/{self.trained.code}/anggota/{self.member.membership_id}"

    @property
    def help(self) -> str:
        """The page with the ways to help."""
        return f"{self.address}/bantu"

    @property
    def by(self) -> int:
        """The person who helps."""
        return self.trained.viewer.person_id


def place_of(code: str, membership_id: int) -> TrainedMember:
    """The member for a trainer of the cohort; 404 for everybody else."""
    trained = training(code)
    return TrainedMember(trained, member_of(trained, membership_id))


def attempt_at(code: str, membership_id: int, attempt_id: str) -> tuple[TrainedMember, AttemptFacts]:
    """The member, and their attempt in the course of the cohort; 404 for any other."""
    place = place_of(code, membership_id)
    found = queries.attempt_by(place.member, attempt_id)
    if found is None:
        abort(404)
    return place, found


def page_asked() -> int:
    """Which page of a list is asked for."""
    return min(row_id(request.args.get("hal")) or 1, LAST_PAGE)


@bp.get(MEMBER)
def person(code: str, membership_id: int) -> str:
    """How far somebody is, what they wrote, and all that happened, newest first."""
    return _person_page(place_of(code, membership_id), with_phone=False)


@bp.post(MEMBER + "/nomor")
def show_phone(code: str, membership_id: int) -> str:
    """Show the member's page with the phone number on it; audited."""
    place = _of_the_cohort(code, membership_id)
    with writing():
        actions.tell(place.member, "nomor ditampilkan", place.by, now(), ["phone"])
    return _person_page(place, with_phone=True)


def _person_page(place: TrainedMember, *, with_phone: bool) -> str:
    edition, progress = queries.stand(place.trained, place.member)
    facts, page = person_facts(place.member.person_id), page_asked()
    events, more = queries.time_line(place.member, page)
    notes, _ = queries.unanswered(place.trained, 1, place.member.membership_id)
    return render_template(
        "cohort/orang.html",
        place=place,
        village=villages().get(place.member.region or ""),
        phone=facts.phone if with_phone else f"••••{facts.phone[-4:]}" if facts.phone else "",
        with_phone=with_phone,
        edition=edition,
        progress=progress,
        completion=cohort_completion(edition, progress),
        events=events,
        numbers=above("numbers_of", [each.ref for each in events if each.kind == "sertifikat"]),
        page=page,
        more=more,
        notes=notes,
        title_of=queries.title_of,
        words=queries.HELP,
        score_of=score_of,
    )


@bp.get(MEMBER + "/bantu")
def help_page(code: str, membership_id: int) -> str:
    """The ways to help, by what is wrong."""
    return _help_page(place_of(code, membership_id))


def _help_page(place: TrainedMember, **shown: Any) -> str:
    """The page with what is `shown` on it this once: digits, a card, or what was typed and its faults."""
    edition, progress = queries.stand(place.trained, place.member)
    facts = person_facts(place.member.person_id)
    page = {"digits": "", "fault": "", "unsure": "", "code": "", "picture": "", "faults": {}}
    return render_template(
        "cohort/bantu.html",
        place=place,
        serial=facts.card_serial,
        helpable=may_be_helped(place.member.person_id),
        used_up=queries.used_up(edition, progress, place.member),
        closed=queries.closed_unsent(place.member, now()),
        cohorts=queries.other_cohorts(place.trained, place.member),
        edition=edition,
        title_of=queries.title_of,
        ask_again=ASK_AGAIN,
        news=_news(place),
        outdated=_outdated(place),
        replaced=request.args.get("kabar") == "kartu",
        has_phone=bool(facts.phone),
        districts=by_district(),
        **page | {"typed": as_typed(facts) | {"hp": ""}} | shown,
    )


def _news(place: TrainedMember) -> str:
    """Say what was just done; of corrected data which fields, and the village as it now is."""
    told = NEWS.get(request.args.get("kabar", ""), "")
    village = villages().get(place.member.region or "")
    words = FIELDS | ({"region": f"desa (kini {village.label})"} if village else {})
    changed = [words[field] for field in words if field in request.args.getlist("isi")]
    return f"{told} Yang diubah: {', '.join(changed)}." if told and changed else told


def _outdated(place: TrainedMember) -> Any:
    """The sheet in force that still bears what was just corrected."""
    if request.args.get("kabar") != "data" or not PRINTED.intersection(request.args.getlist("isi")):
        return None
    return above("sheet_in_force", place.trained.cohort_id, place.member.membership_id)


def _of_the_cohort(code: str, membership_id: int) -> TrainedMember:
    """A member who did not leave: whoever did is no longer this trainer's to reach, until they are taken back."""
    place = place_of(code, membership_id)
    if place.member.left_at is not None:
        abort(403)
    return place


def _helped(code: str, membership_id: int) -> TrainedMember:
    """A member whose way in a trainer may open; 403 for staff, whose account opens more than their own data."""
    place = _of_the_cohort(code, membership_id)
    if not may_be_helped(place.member.person_id):
        abort(403)
    return place


@bp.post(MEMBER + "/kartu")
def card(code: str, membership_id: int) -> Response:
    """The person's card to hand over or print; the picture is in the page, so that no address shows it unaudited."""
    place = _helped(code, membership_id)
    with writing():
        actions.tell(place.member, "kartu ditampilkan", place.by, now())
    facts = person_facts(place.member.person_id)
    shown = {
        "picture": b64encode(card_picture(facts)).decode("ascii"),
        "letters": crockford.grouped(token_of(facts.id, facts.card_serial)),
        "too_old": facts.card_since + card_life() <= now(),
    }
    response = make_response(_help_page(place, **shown))
    response.headers[POLICY_HEADER] = POLICY.replace("img-src 'self'", "img-src 'self' data:")
    return response


def _is_meant() -> bool:
    """Whether the tick was set that asks once more."""
    return request.form.get("yakin") == "ya"


@bp.post(MEMBER + "/kartu/ganti")
def replace_card(code: str, membership_id: int) -> Response | tuple[str, int]:
    """Another card instead of the one the page knew, once it was said that this is meant; pressed twice it is one."""
    place = _helped(code, membership_id)
    if not _is_meant():
        return _help_page(place, unsure="kartu"), 422
    with writing():
        serial = person_facts(place.member.person_id).card_serial
        if request.form.get("seri") == str(serial):
            accounts.replace_card(place.member.person_id, now(), by=place.by)
    return redirect(f"{place.help}?kabar=kartu", 303)


@bp.post(MEMBER + "/kode")
def help_code(code: str, membership_id: int) -> str:
    """Eight digits with which the person gets in once; a new press makes new ones."""
    place = _helped(code, membership_id)
    with writing():
        code = accounts.new_help_code(place.member.person_id, place.by, now())
    return _help_page(place, code=code, until=now() + accounts.DIGITS_LIFE)


@bp.post(MEMBER + "/tunjuk")
def confirm_code(code: str, membership_id: int) -> Response | tuple[str, int]:
    """Let the phone in that shows these eight digits."""
    place = _helped(code, membership_id)
    digits = request.form.get("kode", "")[:20]
    with writing():
        known = accounts.confirm_shown_code(digits, place.member.person_id, place.by, now())
    if not known:
        return _help_page(place, digits=digits, fault=UNKNOWN_DIGITS), 422
    return redirect(f"{place.help}?kabar=cocok", 303)


@bp.post(MEMBER + "/kesempatan")
def extra_try(code: str, membership_id: int) -> Response:
    """One more try where none is left; pressed twice it is one."""
    place, wanted = place_of(code, membership_id), request.form.get("kuis", "")
    with writing():
        edition, progress = queries.stand(place.trained, place.member)
        if wanted in queries.used_up(edition, progress, place.member):
            actions.give_try(place.member, wanted, place.by, now())
    return redirect(f"{place.help}?kabar=kesempatan", 303)


@bp.post(MEMBER + "/data")
def correct(code: str, membership_id: int) -> Response | tuple[str, int]:
    """Correct what is wrong; an empty phone field leaves the number as it is, unless it is to go."""
    place = _helped(code, membership_id)
    facts = person_facts(place.member.person_id)
    typed = read_person(request.form)
    if typed.faults:
        return _help_page(place, typed=request.form, faults=typed.faults), 422
    wanted = {"name": typed.name, "title_before": typed.title_before, "title_after": typed.title_after}
    with writing():
        phone = accounts.hold(facts.id).phone
        place = _helped(code, membership_id)
        kept = typed.phone or ("" if request.form.get("hapus") else phone)
        changed = accounts.correct(facts.id, wanted | {"region": typed.region, "phone": kept}, place.by, now())
    news = {"kabar": "data" if changed else "tetap", "isi": changed}
    return redirect(f"{place.help}?{urlencode(news, doseq=True)}", 303)


@bp.post(MEMBER + "/angkatan")
def membership(code: str, membership_id: int) -> Response | tuple[str, int]:
    """Out of this cohort, back into it, or into another one that the trainer has."""
    place, wanted = place_of(code, membership_id), request.form.get("ke", "")
    if wanted == "keluar" and not _is_meant():
        return _help_page(place, unsure="keluar"), 422
    with writing():
        if wanted in ("keluar", "kembali"):
            actions.let_go(place.member, place.by, now(), back=wanted == "kembali")
        else:
            for cohort in queries.other_cohorts(place.trained, place.member):
                if cohort.code == wanted:
                    actions.bring_into(place.member, cohort, place.by, now())
    return redirect(f"{place.help}?kabar=angkatan", 303)


@bp.get("/pelatih/<code>/kotak")
def asked(code: str) -> str:
    """List the questions to the desk; or, a part of it, what people of the cohort, or one of them, wrote in quizzes."""
    return _notes(code) if request.args.get("bagian") == "catatan" else box(code)


def _notes(code: str) -> str:
    trained, page, one = training(code), page_asked(), row_id(request.args.get("anggota"))
    show_nobody_else()
    found, more = queries.unanswered(trained, page, one or None)
    return render_template(
        "cohort/catatan.html",
        trained=trained,
        notes=[(note, *_about(note, trained.slug)) for note in found],
        page=page,
        more=more,
        one=one,
    )


def _about(note: Any, slug: str) -> tuple[str, Markup | str]:
    """Return the place of a question, and the wording it is about."""
    edition, item = edition_view(note.edition_id, slug), Sheet.from_json(note.sheet).items[note.number - 1]
    return queries.title_of(edition, note.quiz), queries.asked_in(edition, note.quiz, item)


@bp.get(ATTEMPT)
def attempt(code: str, membership_id: int, attempt_id: str) -> str:
    """Every answer as it was asked, with the key once it is graded."""
    return _attempt_page(*attempt_at(code, membership_id, attempt_id))


def _attempt_page(place: TrainedMember, found: AttemptFacts, number: int = 0, typed: str = "") -> str:
    show_nobody_else()
    grading = attempts.newest_grading(found.id)
    return render_template(
        "cohort/percobaan.html",
        place=place,
        attempt=found,
        title=queries.title_of(found.edition, found.quiz),
        grading=grading,
        score=score_of(grading.right, grading.asked) if grading else None,
        lines=queries.lines_of(found, grading.outcomes if grading else None),
        marks=attempts.marks(found.id),
        replies=attempts.replies(found.id),
        written=queries.written_in(found) if found.submitted_at else set(),
        late=attempts.has_uncounted_answers(found.id),
        closed=is_closed(found) and found.submitted_at is None and grading is None,
        keys_shown=not found.is_test or standing_of(found.membership_id or 0).keys_shown,
        faulty=number,
        typed=typed,
        fault=NO_REPLY,
    )


def is_closed(found: AttemptFacts) -> bool:
    """Whether what comes in now counts as late."""
    return found.closes_at is not None and found.closes_at <= now()


@bp.post(ATTEMPT + "/catatan")
def reply(code: str, membership_id: int, attempt_id: str) -> Response | tuple[str, int]:
    """A short note on what somebody wrote, which they see with their result."""
    place, found = attempt_at(code, membership_id, attempt_id)
    number, text = request.form.get("nomor", type=int) or 0, request.form.get("teks", "").strip()
    if found.submitted_at is None or number not in queries.written_in(found):
        abort(404)
    if not text or len(text) > LONGEST_REPLY or "\0" in text:
        return _attempt_page(place, found, number, text[:5_000]), 422
    with writing():
        actions.reply(place.member, found.id, number, text, place.by, now())
    if request.form.get("dari") == "catatan":
        return redirect(f"/pelatih/{code}/kotak?bagian=catatan", 303)
    return redirect(f"{place.address}/percobaan/{found.id}#soal-{number}", 303)


@bp.post(ATTEMPT + "/buka")
def reopen(code: str, membership_id: int, attempt_id: str) -> Response:
    """Let the member go on with what was closed before they sent it."""
    place, found = attempt_at(code, membership_id, attempt_id)
    with writing():
        actions.reopen(place.member, found.id, place.by, now())
    return redirect(f"{place.address}/percobaan/{found.id}", 303)


@bp.post(ATTEMPT + "/terima")
def accept_late(code: str, membership_id: int, attempt_id: str) -> Response:
    """Let the answers count that came after the attempt was sent or closed."""
    place, found = attempt_at(code, membership_id, attempt_id)
    questions = {} if found.is_form else attempts.questions_of(found)
    with writing():
        actions.accept_late(place.member, found, questions, place.by, now())
    return redirect(f"{place.address}/percobaan/{found.id}", 303)
