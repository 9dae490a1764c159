"""The certificates of a bimtek at its trainer's desk: a dry run, exceptions, issuing, print files, corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request
from werkzeug import Response as Answer

from lms.bimtek.predicate import LONGEST, MOST, OFFERED, read_bands
from lms.certificate import actions, candidates, prints, queries
from lms.certificate.keys import KEY_ENDED, has_ended
from lms.certificate.pdf import explain, unprintable
from lms.certificate.revisions import KIND as AGAIN
from lms.certificate.revisions import SIGNINGS, changes, places_of
from lms.certificate.snapshot import IN_FORCE
from lms.cohort.queries import CrewMember, crew
from lms.course.load import edition_view
from lms.course.privacy import fault_of_text
from lms.db.engine import made_once, writing
from lms.paper.child import ChildFailed
from lms.paper.printing import attachment
from lms.paper.typesetting import printable_letters
from lms.people import actions as accounts
from lms.people.access import CohortFacts, Training, cohort_facts, event, member_of, my_part, training
from lms.people.actions import note
from lms.people.jobs import JobFacts, NotDoable, advance, begin, newest
from lms.people.person import read_person
from lms.roster.people import LONGEST_POSITION
from lms.web.above import above, is_above
from lms.web.clock import now
from lms.web.dates import read_day

bp = Blueprint("issuing", __name__)

KIND = "sertifikat"
CREW_MEMBER, NAMED = "/pelatih/<code>/petugas/<id:crew_id>", ("nama", "gelar_depan", "gelar_belakang")
LONGEST_REASON = 300
NO_REASON = "Tulis alasannya; alasan ini tersimpan bersama sertifikatnya."
AT_ONCE = 10
PRINTED = {"pdf": ("cetak.pdf", "berkas cetak"), "zip": ("berkas.zip", "berkas per orang")}
DONE = {"betulkan": "sertifikat dibetulkan", "cabut": "sertifikat dicabut", "ulang": "sertifikat diterbitkan lagi"}
BAD_BANDS = "Tulis setiap batas dengan angka 0 sampai 100 dan predikatnya dengan huruf; tidak ada yang kembar."
NOT_OVER = "Bimtek ini belum selesai. Sertifikat dapat diterbitkan mulai sehari sebelum hari terakhirnya."
BAD_DAY = "Tanggal terbit paling awal hari terakhir bimtek, paling akhir 31 hari sesudahnya."
OFFICE_CHANGED = (
    "Pengaturan kantor, penanda tangan, nomor, atau cara tanda tangan berubah sejak daftar ini diperiksa."
    " Periksa lagi, lalu tekan Terbitkan."
)
OTHER_NAME = "Nama, desa, atau jabatannya diubah sejak daftar ini diperiksa. Periksa lagi, lalu tekan Terbitkan."
NOBODY_READY = "Belum ada yang dapat diterbitkan."
NOBODY_CHOSEN = "Centang dulu siapa yang dikecualikan."
NONE_CHOSEN = "Centang dulu sertifikat yang dicabut."
NOTHING_LEFT = "Sisakan paling sedikit satu syarat."
NOTHING_TO_PRINT = "Belum ada sertifikat yang berlaku, jadi belum ada yang dicetak."
NOT_IN_FORCE = "Keadaan lembar ini sudah berubah, jadi itu tidak dapat dilakukan lagi. Tidak ada yang berubah."
TOO_LARGE = "Berkas ini terlalu besar untuk disusun sekaligus. Cetak sertifikat satu per satu dari daftarnya."


def overview(code: str) -> str:
    """Show who may have a certificate, who lacks what, who has one; nothing is written."""
    return _page(event(code))


def _page(trained: Training, fault: str = "") -> str:
    day = _day(trained)
    found = candidates.lot(trained, day=day)
    plans, faults = candidates.drafts(found)
    numbers = candidates.numbers_ahead(found, len(plans) - len(faults))
    return render_template(
        "certificate/terbit.html",
        cohort=trained,
        found=found,
        plans=plans,
        faults=faults,
        numbers=numbers,
        taken=actions.taken(numbers),
        has_trust=not numbers or (is_above("trusted") and bool(above("trusted")["akar"])),
        edition=edition_view(trained.edition_id, trained.slug),
        roles=candidates.ROLES,
        unconfirmed=queries.unconfirmed_in(trained.cohort_id),
        may_issue=candidates.may_be_issued(trained, found.day),
        is_over=candidates.is_over(trained),
        days=(candidates.first_day(trained), candidates.last_day(trained)),
        job=newest(trained.cohort_id, KIND, trained.viewer.person_id),
        made=request.args.get("siap", ""),
        printed=PRINTED,
        fault=fault or ("" if day else BAD_DAY),
        typed=request.form,
        longest=LONGEST_REASON,
        bands=[*(_bands_sent() or found.plan.predicates or OFFERED), *[("", "")] * MOST][:MOST],
        longest_word=LONGEST,
    )


def _day(held: CohortFacts) -> date | None:
    """The date of issue that is asked for, or offered where none is; None for one that no sheet may bear."""
    asked = request.values.get("tanggal")
    day = read_day(asked) if asked else candidates.offered_day(held)
    return day if day and candidates.first_day(held) <= day <= candidates.last_day(held) else None


@bp.post("/pelatih/<code>/sertifikat/syarat")
def drop(code: str) -> Answer | tuple[str, int]:
    """Choose what this bimtek asks of its participants, of what its course lets go; at least one requirement stays."""
    trained, (reason, fault) = event(code), reason_given()
    rules = edition_view(trained.edition_id, trained.slug).course.certificate
    dropped = [key for key in rules.droppable if key not in request.form.getlist("diminta")]
    if not set(rules.asked) - set(dropped):
        fault = NOTHING_LEFT
    if fault:
        return _page(trained, fault), 422
    with writing():
        actions.drop(trained.cohort_id, dropped, reason, now(), by=trained.viewer.person_id)
    return redirect(f"/pelatih/{trained.code}/sertifikat", 303)


@bp.post("/pelatih/<code>/sertifikat/kecuali")
def exempt_many(code: str) -> Answer | tuple[str, int]:
    """Let several people who lack something have a certificate all the same, for one reason."""
    trained, (reason, fault) = event(code), reason_given()
    lacking = {each.membership_id for each in candidates.lot(trained).waiting if each.may_be_exempted}
    chosen = lacking.intersection(request.form.getlist("orang", int))
    if fault or not chosen:
        return _page(trained, fault or NOBODY_CHOSEN), 422
    by, moment = trained.viewer.person_id, now()
    made_once(lambda: actions.exempt(chosen, reason, moment, by=by))
    return redirect(f"/pelatih/{trained.code}/sertifikat", 303)


@bp.post("/pelatih/<code>/sertifikat/cabut")
def revoke_failed(code: str) -> Answer | tuple[str, int]:
    """Revoke, for one reason, sheets issued ahead to people who turned out to lack what was assumed of them."""
    trained, (reason, fault) = event(code), reason_given()
    failed = {each.sheet.id for each in candidates.lot(trained).failed if each.sheet}
    chosen = failed.intersection(request.form.getlist("lembar"))
    if fault or not chosen:
        return _page(trained, fault or NONE_CHOSEN), 422
    by, moment = trained.viewer.person_id, now()

    def all_of_them() -> None:
        for sheet_id in sorted(chosen):
            actions.revoke(sheet_id, reason, moment, by=by)
            note(by, DONE["cabut"], f"certificate:{sheet_id}", moment, ["certificate"])

    try:
        made_once(all_of_them)
    except actions.NotInForce:
        return _page(trained, NOT_IN_FORCE), 409
    return redirect(f"/pelatih/{trained.code}/sertifikat", 303)


@bp.post("/acara/<code>/nama")
def confirm_name(code: str) -> Answer:
    """Somebody says that their name is right as it will be printed."""
    mine = my_part(code)
    if mine.role == "pelatih":
        abort(404)
    with writing():
        actions.confirm_name(mine.cohort_id, mine.viewer.person_id, now())
    return redirect(f"/acara/{mine.code}#sertifikat", 303)


@bp.post("/pelatih/<code>/sertifikat/cara")
def choose_signing(code: str) -> Answer:
    """How the sheets issued from now on are signed."""
    trained, signing = event(code), _signing()
    with writing():
        actions.choose_signing(trained.cohort_id, signing or trained.signing, now(), by=trained.viewer.person_id)
    return redirect(f"/pelatih/{trained.code}/sertifikat", 303)


def _signing() -> str:
    """The way that a form says, "" where it says none; 400 for one that is none."""
    signing = request.form.get("cara", "")
    if signing and signing not in SIGNINGS:
        abort(400)
    return signing


@bp.post("/pelatih/<code>/sertifikat")
def issue_all(code: str) -> Answer | tuple[str, int]:
    """Begin to issue to everybody who is ready; the numbers are drawn one by one as it goes."""
    trained = event(code)
    signing = _signing() or trained.signing
    day = _day(trained)
    if day is None or not candidates.may_be_issued(trained, day):
        return _page(trained, NOT_OVER if day else ""), 422
    found = candidates.lot(trained, day=day)
    if request.form.get("penerbit", found.by_whom) != found.by_whom:
        return _page(trained, OFFICE_CHANGED), 409
    faults = candidates.drafts(found)[1]
    ready = {each.membership_id: each.seen for each in found.ready if each.membership_id not in faults}
    if not ready:
        return _page(trained, NOBODY_READY), 422
    if has_ended(current_app.config["SIGNING_KEY"]):
        return _page(trained, KEY_ENDED), 422
    by, moment = trained.viewer.person_id, now()
    with writing():
        actions.choose_signing(trained.cohort_id, signing, moment, by=by)
        job_id = begin(
            KIND,
            by,
            moment,
            title=f"Menerbitkan sertifikat {trained.name}"[:200],
            onward=f"/pelatih/{trained.code}/sertifikat",
            total=len(ready),
            told={
                "orang": list(ready),
                "terlihat": list(ready.values()),
                "contoh": found.issuer is None,
                "penerbit": found.by_whom,
                "cara": signing,
                "tanggal": day.isoformat(),
            },
            cohort_id=trained.cohort_id,
        )
        note(by, "sertifikat diterbitkan", f"cohort:{trained.cohort_id}", moment, ["certificate"])
    return redirect(f"/kerja/{job_id}", 303)


def issue_some(job: JobFacts) -> None:
    """The next few of a batch, each in a write of its own. Who is ready no longer, or has one, is passed over.

    What was asked is weighed again here: between the dry run and this moment a score may have been taken back, somebody
    may have left, or been found to be one with another.
    """
    held = cohort_facts(job.cohort_id or 0)
    day = date.fromisoformat(told) if (told := job.told.get("tanggal")) else candidates.offered_day(held)
    if not candidates.may_be_issued(held, day):
        raise NotDoable(NOT_OVER)
    members = job.told["orang"][job.position : job.position + AT_ONCE]
    there = candidates.still_in(held)
    found = candidates.lot(held, [member for member in members if member in there], day)
    was = job.told.get("penerbit"), job.told.get("cara")  # Older work does not say: it is pressed anew.
    if was != (found.by_whom, held.signing):
        raise NotDoable(OFFICE_CHANGED)
    plans, faults = candidates.drafts(found)
    seen = dict(zip(job.told["orang"], job.told["terlihat"], strict=True))
    faults |= {each.membership_id: OTHER_NAME for each in found.ready if each.seen != seen[each.membership_id]}
    for member in members:
        plan, fault = plans.get(member), faults.get(member, "")
        following = _issue_one(job, None if fault else plan, fault)
        if following is None:
            return
        job = following


def _issue_one(job: JobFacts, plan: actions.SheetDraft | None, fault: str) -> JobFacts | None:
    """The job after its next unit: a certificate, or somebody passed over; None when another request did that unit."""
    done: dict[str, Any] = {"terbit": 0, "lewat": [], **job.outcome}
    passed = [] if plan else [[job.told["orang"][job.position], fault]]
    outcome = {"terbit": done["terbit"] + (plan is not None), "lewat": done["lewat"] + passed}

    def one() -> bool:
        if not advance(job, job.position + 1, now(), outcome):
            return False
        if plan is not None:
            actions.issue(plan, current_app.config["SIGNING_KEY"], now(), by=job.by_id)
        return True

    return replace(job, position=job.position + 1, outcome=outcome) if made_once(one) else None


@bp.post("/pelatih/<code>/sertifikat/cetak.pdf", defaults={"extension": "pdf"})
@bp.post("/pelatih/<code>/sertifikat/berkas.zip", defaults={"extension": "zip"})
def download(code: str, extension: str) -> Answer | tuple[str, int]:
    """All sheets that hold, by kecamatan and village: one file for printing on both sides, or a file each.

    Samples only while nothing else is there; `ulang`: those that were issued again last. What is not kept is begun, or
    gone on with by who began it.
    """
    trained, moment = event(code), now()
    by = trained.viewer.person_id
    again = newest(trained.cohort_id, AGAIN, by) if "ulang" in request.form else None
    sheets = [each.sheet for each in candidates.lot(trained).candidates if each.sheet]
    sheets = [each for each in sheets if each.state == "berlaku"] or [each for each in sheets if each.state == "contoh"]
    if again:
        places = places_of(again)
        sheets = [each for each in sheets if each.place in places]
    if not sheets:
        return _page(trained, NOTHING_TO_PRINT), 409
    file = prints.name_of(extension, [each.snapshot for each in sheets])
    if path := prints.kept(file):
        name = f"sertifikat-{trained.code.lower()}.{extension}"
        with writing():
            note(by, "berkas diunduh", f"cohort:{trained.cohort_id}", moment, ["name"], name)
        return attachment(path.open("rb"), name)
    job = newest(trained.cohort_id, f"cetak-{extension}", by)
    if job and not job.ended_at and job.told["berkas"] == file:
        return redirect(f"/kerja/{job.id}", 303)
    prints.sweep()
    with writing():
        job_id = begin(
            f"cetak-{extension}",
            by,
            moment,
            title=f"Menyusun {PRINTED[extension][1]} {trained.name}"[:200],
            onward=f"/pelatih/{trained.code}/sertifikat?{'bagian=ulang&' if again else ''}siap={extension}",
            total=prints.parts_of(sheets) + 1,
            told={"berkas": file, "lembar": [each.id for each in sheets]},
            cohort_id=trained.cohort_id,
        )
    return redirect(f"/kerja/{job_id}", 303)


def print_some(job: JobFacts) -> None:
    """The next part of a file of many sheets, at last the whole."""
    try:
        prints.make(job)
    except ChildFailed as failed:
        raise NotDoable(TOO_LARGE) from failed
    with writing():
        advance(job, job.position + 1, now())


@bp.post("/pelatih/<code>/sertifikat/isi")
def content(code: str) -> Answer | tuple[str, int]:
    """Whether the sheets issued from now on bear a predicate, from which score on, a table of scores, own days."""
    trained = event(code)
    wanted, scores, days = (request.form.get(name) == "ya" for name in ("predikat", "nilai", "hari"))
    bands = read_bands(_bands_sent()) if wanted else []
    if bands is None:
        return _page(trained, BAD_BANDS), 422
    with writing():
        actions.set_content(trained.cohort_id, bands, trained.viewer.person_id, now(), scores=scores, days=days)
    return redirect(f"/pelatih/{trained.code}/sertifikat", 303)


def _bands_sent() -> list[tuple[str, str]]:
    """(least score, word) as they were typed."""
    columns = (request.form.getlist(name)[:MOST] for name in ("batas", "kata"))
    return list(zip(*columns, strict=False))


@bp.get("/pelatih/<code>/sertifikat/<sheet_id>")
def sheet(code: str, sheet_id: str) -> str:
    """One sheet: what happened to it, what a correction would change, revoking."""
    return _sheet_page(*_sheet(code, sheet_id))


def _sheet(code: str, sheet_id: str) -> tuple[Training, queries.IssuedSheet]:
    trained = training(code)
    found = next(iter(queries.sheets_in(trained.cohort_id, ids=[sheet_id])), None)
    if found is None or found.is_nameless:
        abort(404)
    return trained, found


def _plan(trained: Training, found: queries.IssuedSheet) -> actions.SheetDraft | None:
    """The sheet as it would be printed from what is known now; None for one that can be neither corrected nor renewed.

    A revoked one is renewed where nothing is missing, there is an issuer, and its owner holds no other.
    """
    if found.state not in (*candidates.CORRECTABLE, "dicabut"):
        return None
    day = max(candidates.offered_day(trained), found.snapshot.issued_on)
    now_known = candidates.lot(trained, [found.membership_id], day)
    for who in now_known.candidates:
        may_be_renewed = who.may_have_one and now_known.issuer and who.sheet and who.sheet.id == found.id
        if found.state != "dicabut" or may_be_renewed:
            return candidates.redrafted(now_known, who, found)
    return None


def _sheet_page(trained: Training, found: queries.IssuedSheet, faults: dict[str, str] | None = None) -> str:
    plan = _plan(trained, found)
    return render_template(
        "certificate/lembar.html",
        cohort=trained,
        found=found,
        history=queries.history(found),
        exempted_by=queries.named(found.snapshot.evidence.get("pengecualian", {}).get("oleh", 0)),
        changes=changes(found, plan) if plan else [],
        may_be_renewed=plan is not None and found.state == "dicabut",
        faults=faults or {},
        typed=request.form.get("alasan", ""),
        longest=LONGEST_REASON,
    )


@bp.post("/pelatih/<code>/sertifikat/<sheet_id>")
def change(code: str, sheet_id: str) -> Answer | tuple[str, int]:
    """Correct a sheet under its number, revoke it, or issue a new number for a revoked one; each says why."""
    trained, found = _sheet(code, sheet_id)
    wanted, (reason, fault) = request.form.get("aksi", ""), reason_given()
    if wanted not in DONE:
        abort(400)
    plan = None if wanted == "cabut" else _plan(trained, found)
    if found.state not in (("dicabut",) if wanted == "ulang" else candidates.CORRECTABLE) or (
        wanted == "ulang" and plan is None
    ):
        return _sheet_page(trained, found, {wanted: NOT_IN_FORCE}), 409
    if wanted == "betulkan" and (plan is None or not changes(found, plan)):
        fault = fault or "Tidak ada yang berbeda dari yang tercetak. Betulkan dulu datanya."
    fault = fault or (unprintable(plan.snapshot) if plan else "")
    fault = fault or (KEY_ENDED if plan and has_ended(current_app.config["SIGNING_KEY"]) else "")
    if fault:
        return _sheet_page(trained, found, {wanted: fault}), 422
    by, moment, key = trained.viewer.person_id, now(), current_app.config["SIGNING_KEY"]
    onward = found.id
    try:
        with writing():
            if plan is None:
                actions.revoke(found.id, reason, moment, by=by)
            else:
                anew = actions.renumber if wanted == "ulang" else actions.reissue
                onward = anew(found.id, plan, key, reason, moment, by=by)
            note(by, DONE[wanted], f"certificate:{found.id}", moment, ["certificate"])
    except actions.NotInForce:
        return _sheet_page(*_sheet(code, sheet_id), {wanted: NOT_IN_FORCE}), 409
    except NotDoable as refused:
        return _sheet_page(*_sheet(code, sheet_id), {wanted: str(refused)}), 422
    return redirect(f"/pelatih/{trained.code}/sertifikat/{onward}", 303)


@bp.route("/pelatih/<code>/sertifikat/kecuali/<id:membership_id>", methods=["GET", "POST"])
def exemption(code: str, membership_id: int) -> Answer | tuple[str, int]:
    """Show what somebody lacks; let them have a certificate all the same, for a reason, or take that back."""
    trained = event(code)
    member_of(trained, membership_id)
    found = candidates.lot(trained, [membership_id])
    if not found.candidates:
        abort(404)
    by, moment, fault = trained.viewer.person_id, now(), ""
    if request.method == "POST":
        wanted, (reason, fault) = request.form.get("aksi", ""), reason_given()
        if wanted not in ("kecualikan", "batal"):
            abort(400)
        if wanted == "batal":
            with writing():
                actions.take_exemption_back(membership_id, moment, by=by)
        elif not fault:
            made_once(lambda: actions.exempt({membership_id}, reason, moment, by=by))
        if wanted == "batal" or not fault:
            return redirect(f"/pelatih/{trained.code}/sertifikat", 303)
    page = render_template(
        "certificate/kecuali.html",
        cohort=trained,
        found=found,
        sheet=candidates.draft(found, found.candidates[0]).snapshot,
        edition=edition_view(trained.edition_id, trained.slug),
        typed=request.form.get("alasan"),
        fault=fault,
        longest=LONGEST_REASON,
    )
    return page, 422 if fault else 200


def reason_given(missing: str = NO_REASON) -> tuple[str, str]:
    """Why somebody decides so, as the form says, and what to do about that; "" where it may be kept."""
    text = " ".join(request.form.get("alasan", "").split())
    return text, fault_of_text(text, LONGEST_REASON) if text else missing


@bp.get(CREW_MEMBER)
def person(code: str, crew_id: int) -> str:
    """Show the history of each sheet of theirs, and the form to correct what the next one prints."""
    return _crew_page(*_somebody(code, crew_id), {}, {})


def _somebody(code: str, crew_id: int) -> tuple[Training, CrewMember]:
    held = event(code)
    known = crew(held.cohort_id, also=[crew_id])
    who = next((each for each in known if each.membership_id == crew_id), None) or abort(404)
    return held, who


def _crew_page(held: Training, who: CrewMember, sent: Mapping[str, str], faults: Mapping[str, str]) -> str:
    sheets = queries.sheets_in(held.cohort_id, [who.membership_id])
    live = [each for each in sheets if each.state in IN_FORCE]
    old = [each for each in live if (each.snapshot.name, each.snapshot.identity) != (who.name, who.position)]
    known = {"nama": who.bare_name, "gelar_depan": who.title_before, "gelar_belakang": who.title_after}
    return render_template(
        "certificate/petugas.html",
        cohort=held,
        who=who,
        sheets=sheets,
        events=queries.history(sheets[-1]) if sheets else [],
        outdated=old[0] if old else None,
        typed={**known, "jabatan": who.position, **sent},
        faults=faults,
        shut=_shut(who, sheets),
        longest=LONGEST_POSITION,
    )


def _shut(who: CrewMember, sheets: Sequence[queries.IssuedSheet]) -> tuple[str, ...]:
    """The fields that no trainer corrects: all of who was taken off and got no sheet, else name and titles of staff."""
    if who.left_at is not None and all(each.snapshot.sample for each in sheets):
        return *NAMED, "jabatan"
    return NAMED if who.is_staff else ()


@bp.post(CREW_MEMBER)
def correct(code: str, crew_id: int) -> Answer | tuple[str, int]:
    """Correct post, name and titles, or the post alone; 409 with the page for what a trainer does not correct."""
    held, who = _somebody(code, crew_id)
    wanted, faults = _read_crew(request.form)
    if faults:
        return _crew_page(held, who, request.form, faults), 422
    changed = None
    with writing():
        accounts.hold(who.person_id)
        held, who = _somebody(code, crew_id)
        if not set(_shut(who, queries.sheets_in(held.cohort_id, [crew_id]))) & request.form.keys():
            changed = accounts.correct(who.person_id, wanted, held.viewer.person_id, now())
    if changed is None:
        return _crew_page(held, who, {}, {"semua": "Belum ada yang tersimpan."}), 409
    return redirect(f"/pelatih/{held.code}/petugas/{crew_id}?kabar={'data' if changed else 'tetap'}", 303)


def _read_crew(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Column -> what was typed, and field -> what to do about it; the post alone where the form has nothing else."""
    position = " ".join(form.get("jabatan", "").split())
    strange = (explain("Jabatan", letter) for letter in position if letter not in printable_letters())
    wrong = fault_of_text(position, LONGEST_POSITION) or next(strange, "")
    wanted, faults = {"position": position}, {"jabatan": wrong} if wrong else {}
    if form.keys() & NAMED or "jabatan" not in form:
        named = read_person(form, village_needed=False)
        wanted = {"name": named.name, "title_before": named.title_before, "title_after": named.title_after, **wanted}
        faults |= named.faults
    return wanted, faults
