"""Taking one's certificate: only when nothing is missing, once, with what was true frozen in it."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from lms.certificate import actions, keys, queries, selfstudy
from lms.certificate.numbers import next_sequence
from lms.certificate.office import set_office
from lms.certificate.pdf import missing_glyphs
from lms.certificate.snapshot import Snapshot, key_id, new_key, public_key, snapshot_of
from lms.course.folder import read_folder
from lms.course.load import edition_view
from lms.course.queries import read_edition
from lms.db.engine import db, writing
from lms.db.tables import Certificate, CertificateEvent, Cohort, Membership, Person
from lms.learn.queries import progress
from lms.people.actions import correct
from lms.people.names import clean_name
from lms.people.office import issuer
from lms.web.clock import now
from tests.certificate.taken import take_already
from tests.conftest import COURSE, KEY, SLUG, START, Cast, Client, Time, add_member, add_person, publish_course, sign_in
from tests.learn.test_queries_count import counted
from tests.quiz.sitting import ONE, TWO, sit

TAKE = f"/sertifikat/ambil/{SLUG}"
NAME = {"nama": "Siti Aminah", "gelar_depan": "", "gelar_belakang": "S.Pd."}
OFFICE = b"""
[kantor]
pemerintah = "PEMERINTAH KABUPATEN WONOGIRI"
nama = "DINAS SOSIAL"
tempat = "Wonogiri"
penyelenggara = "Dinas Sosial Kabupaten Wonogiri"
[penanda_tangan]
nama = "NAMA REKAAN, S.Sos."
jabatan = "Kepala Dinas Sosial"
nip = "19000101 192001 1 001"
[nomor.mandiri]
pola = "{klasifikasi}/{urut:03}/PSM/{tahun}"
klasifikasi = "400.9"
"""


@pytest.fixture
def office(app: Flask) -> None:
    with writing():
        set_office(OFFICE, START)


def finish(client: Client, *lessons: str) -> Client:
    """Read the lessons and pass their quizzes."""
    for lesson in lessons or (ONE, TWO):
        client.send(f"/belajar/{SLUG}/{lesson}")
        sit(client, lesson).submit()
    return client


@pytest.fixture
def ready(learner: Client) -> Client:
    return finish(learner)


def take(client: Client, **changes: str) -> str:
    """The id of what was taken."""
    response = client.send(TAKE, **{**NAME, **changes})
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.location).removeprefix("/sertifikat/")


def rows() -> list[Certificate]:
    db.session.rollback()
    return db.session.query(Certificate).order_by(Certificate.issued_at, Certificate.id).all()


def snapshot(certificate_id: str) -> Snapshot:
    db.session.rollback()
    return snapshot_of(db.session.get_one(Certificate, certificate_id).payload)


def test_everything_done_it_is_issued_with_a_number(ready: Client, office: None) -> None:
    text = ready.page(TAKE)
    assert "Sudah benarkah nama Anda?" in text
    assert "Dasar: 2 JP" in text
    found = snapshot(take(ready))
    assert found.number == "400.9/001/PSM/2026"
    assert found.name == "Siti Aminah, S.Pd."
    assert found.name_note == "Nama menurut isian peserta."
    assert found.identity == "Warga Desa Sumberagung, Kecamatan Pracimantoro"
    assert (found.online_jp, found.hall_jp, found.mode) == (2, 0, "daring mandiri")
    assert found.evidence["pelajaran"] == [TWO, ONE]
    assert f"{found.number}</a>" in ready.page("/saya")


@pytest.mark.parametrize("done", [(), (ONE,), (TWO,)])
def test_while_something_is_missing_nothing_is_issued(learner: Client, office: None, done: tuple[str, ...]) -> None:
    if done:
        finish(learner, *done)
    assert learner.get(TAKE).location == f"/belajar/{SLUG}#kurang"
    assert learner.send(TAKE, **NAME).location == f"/belajar/{SLUG}#kurang"
    assert not rows()


def test_a_course_without_hours_gives_no_certificate_and_says_who_can_help(ready: Client, office: None) -> None:
    files = read_folder(COURSE)
    toml = files["kursus.toml"]
    publish_course(SLUG, {**files, "kursus.toml": toml.replace(b"jp_daring = 2", b"jp_daring = 0")})
    page = ready.page(TAKE)
    assert "belum memuat jam pelajaran (JP)" in page
    assert "Beri tahu Dinas Sosial Kabupaten Wonogiri supaya JP-nya diisi" in page
    assert 'name="nama"' not in page
    answer = ready.send(TAKE, **NAME)
    assert (answer.status_code, rows()) == (422, [])
    assert "belum memuat jam pelajaran (JP)" in answer.get_data(as_text=True)
    publish_course(SLUG, files)
    assert snapshot(take(ready)).total_jp == 2


def test_a_quiz_not_passed_is_missing(learner: Client, office: None) -> None:
    finish(learner, ONE)
    learner.send(f"/belajar/{SLUG}/{TWO}")
    sit(learner, TWO).submit(right=False)
    assert learner.send(TAKE, **NAME).location == f"/belajar/{SLUG}#kurang"


def test_once_taken_every_page_offers_to_see_it_at_the_same_cost(ready: Client, office: None) -> None:
    before = {page: len(counted(ready, page)) for page in ("/", f"/belajar/{SLUG}")}
    found = take(ready)
    for page, cost in before.items():
        assert f'href="{TAKE}">Lihat sertifikat' in ready.page(page)
        assert len(counted(ready, page)) == cost
    assert "Sertifikat Anda sudah diambil." in ready.page(f"/belajar/{SLUG}")
    assert ready.get(TAKE).location == f"/sertifikat/{found}"


def test_with_only_a_sample_the_true_one_is_still_to_be_taken(ready: Client) -> None:
    take(ready)
    assert f'href="{TAKE}">Ambil sertifikat' in ready.page("/")


def test_taken_twice_it_is_one_and_keeps_its_name(ready: Client, office: None) -> None:
    first = take(ready)
    assert take(ready, nama="Nama Yang Lain") == first
    assert ready.get(TAKE).location == f"/sertifikat/{first}"
    assert len(rows()) == 1
    assert snapshot(first).name == "Siti Aminah, S.Pd."
    assert db.session.query(Person.name).order_by(Person.id).limit(1).scalar() == "Siti Aminah"


def draft_of(person_id: int) -> actions.SheetDraft:
    """What a click of this person would issue."""
    ref = read_edition(SLUG, person_id, START.date())
    member = queries.selfstudy_membership(person_id, 1)
    assert ref is not None
    assert member is not None
    edition = edition_view(ref.edition_id, SLUG)
    done = progress(ref, edition)
    signs, day = issuer("mandiri", START.date()), START.date()
    return selfstudy.draft(member, ref.enrolment_id or 0, edition, done, "Siti Aminah", None, signs, day)


def at_once(app: Flask, works: list[Callable[[], None]]) -> None:
    """Run each in a thread of its own, starting together; what fails in one fails the test."""
    ready, failed = threading.Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        try:
            with app.app_context():
                ready.wait()
                work()
        except Exception as error:  # The thread must not swallow it.
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_many_at_once_get_numbers_without_gap_or_double(app: Flask, cast: Cast, office: None) -> None:
    drafts = [draft_of(person) for person in (cast.participant, cast.other)] * 3

    def issue(draft: actions.SheetDraft) -> Callable[[], None]:
        def work() -> None:
            with writing():
                actions.issue(draft, KEY, now())

        return work

    at_once(app, [issue(draft) for draft in drafts])
    assert sorted(row.sequence or 0 for row in rows()) == [1, 2]
    assert len({row.membership_id for row in rows()}) == 2
    assert db.session.query(CertificateEvent).count() == 2


def test_numbers_begin_anew_each_year_and_are_never_used_again(
    app: Flask, cast: Cast, office: None, time: Time
) -> None:
    with writing():
        first = actions.issue(draft_of(cast.participant), KEY, time.now)
    with writing():
        actions.revoke(first, "Keliru orang.", time.now)
    with writing():
        actions.issue(draft_of(cast.other), KEY, time.now)
    assert [snapshot(row.id).number for row in rows()] in (
        ["400.9/001/PSM/2026", "400.9/002/PSM/2026"],
        ["400.9/002/PSM/2026", "400.9/001/PSM/2026"],
    )
    with writing():
        assert actions.issue(draft_of(cast.participant), KEY, time.now) == first
    with writing():
        assert next_sequence(1, 2026) == 3
        assert next_sequence(1, 2027) == 1


def test_without_an_office_it_is_a_sample_and_the_real_one_follows(ready: Client) -> None:
    sample = take(ready)
    assert snapshot(sample).number is None
    text = ready.page(f"/sertifikat/{sample}")
    assert "Lembar ini contoh dan tidak berlaku" in text
    assert take(ready, nama="Siti Ejaan Benar") == sample
    assert snapshot(sample).name.startswith("Siti Ejaan Benar")
    with writing():
        set_office(OFFICE, START)
    real = take(ready)
    assert real != sample
    assert snapshot(real).number == "400.9/001/PSM/2026"
    assert "Sertifikat aslinya sudah terbit" in ready.page(f"/sertifikat/{sample}")
    assert "Sertifikat aslinya sudah terbit" in ready.page(f"/cek/{snapshot(sample).token}")


def test_without_https_it_is_a_sample(app: Flask, ready: Client, office: None) -> None:
    app.config["IS_HTTPS"] = False
    assert snapshot(take(ready)).sample


def test_a_module_not_wholly_finished_has_no_row(learner: Client, office: None) -> None:
    files = read_folder(COURSE)
    rules = files["kursus.toml"].replace(b"pelajaran = true", b"pelajaran = false")
    rules = rules.replace(b', "dasar/dua.md"]', b"]")
    rules += b'[[materi]]\njudul = "Lanjutan"\njp_daring = 3\npelajaran = ["dasar/dua.md"]\n'
    files["kursus.toml"] = rules
    publish_course(SLUG, files)
    learner.send(f"/belajar/{SLUG}/{ONE}")
    sit(learner, ONE).submit()
    sit(learner, TWO).submit()
    assert "Lanjutan" not in learner.page(TAKE)
    found = snapshot(take(learner))
    assert [(subject.title, subject.online_jp) for subject in found.subjects] == [("Dasar", 2)]


def test_renamed_later_the_sheet_keeps_what_it_said(ready: Client, office: None) -> None:
    found = take(ready, gelar_depan="dr.")
    person = db.session.query(Person).order_by(Person.id).limit(1).one().id
    with writing():
        correct(person, {"name": "Siti Aminah Lestari"}, person, START)
    assert snapshot(found).name == "dr. Siti Aminah, S.Pd."
    assert "dr. Siti Aminah, S.Pd." in ready.page(f"/sertifikat/{found}")


@pytest.mark.parametrize(
    ("field", "typed"), [("nama", ""), ("nama", "Sitı 3"), ("gelar_depan", "{7}"), ("gelar_belakang", "S" * 41)]
)
def test_a_name_that_can_not_stand_is_asked_again(ready: Client, office: None, field: str, typed: str) -> None:
    response = ready.send(TAKE, **{**NAME, field: typed})
    assert response.status_code == 422
    assert f'id="{field}-salah"' in response.get_data(as_text=True)
    assert not rows()


def test_a_letter_the_fonts_lack_is_named_before_a_number_is_drawn(ready: Client, office: None) -> None:
    name = "Siti Ꞛminah"
    assert clean_name(name) == name
    response = ready.send(TAKE, **{**NAME, "nama": name})
    assert response.status_code == 422
    assert "Nama memuat huruf “Ꞛ” (U+A79A) yang tidak dapat dicetak." in response.get_data(as_text=True)
    with writing():
        assert next_sequence(1, 2026) == 1


def test_accents_of_names_from_here_are_printable(ready: Client, office: None) -> None:
    found = snapshot(take(ready, nama="Nur’aini Ayu-Dé Ḥasanah"))
    assert not missing_glyphs(found)


@pytest.mark.parametrize("number", ["400.9/001/PSM/2026", "400.9 / 1 / psm - 2026"])
def test_a_number_that_the_book_has_is_not_drawn_and_whom_to_ask_is_said(
    ready: Client, office: None, cast: Cast, browser: Callable[[], Client], number: str
) -> None:
    boss = sign_in(browser(), cast.admin)
    take_already(number)
    answer = ready.send(TAKE, **NAME)
    assert (answer.status_code, len(rows())) == (422, 1)
    assert "nomor 400.9/001/PSM/2026 sudah ada di buku register. Minta pengelola" in answer.get_data(as_text=True)
    assert boss.send("/kelola/nomor/mandiri/manual", aksi="mulai", mulai="2").status_code == 303
    assert snapshot(take(ready)).number == "400.9/002/PSM/2026"


def test_who_never_joined_or_only_trains_takes_nothing(client: Client, cast: Cast, office: None) -> None:
    for person in (cast.stranger, cast.trainer):
        sign_in(client, person)
        assert client.send(TAKE, **NAME).status_code == 303
    assert not rows()


def test_the_sheet_is_for_its_owner_and_the_trainers_of_the_cohort(ready: Client, office: None, cast: Cast) -> None:
    found = take(ready)
    assert ready.get(f"/sertifikat/{found}/pdf").data.startswith(b"%PDF")
    for person in (cast.other, cast.trainer, cast.admin, cast.stranger):
        sign_in(ready, person)
        for path in ("", "/pdf"):
            assert ready.get(f"/sertifikat/{found}{path}").status_code == 404
    with writing():
        cohort = db.session.query(Membership.cohort_id).order_by(Membership.id).limit(1).scalar()
        db.session.add(Membership(person_id=cast.admin, cohort_id=cohort, role="pelatih", joined_at=START))
    sign_in(ready, cast.admin)
    assert ready.get(f"/sertifikat/{found}").status_code == 200


def test_the_facts_are_signed_by_the_present_key_and_its_public_half_is_kept(
    app: Flask, cast: Cast, office: None
) -> None:
    with writing():
        actions.issue(draft_of(cast.participant), KEY, START)
    with writing():
        actions.issue(draft_of(cast.other), new_key(), START)
    assert len({row.key_id for row in rows()}) == 2
    for row in rows():
        assert queries.certificate_by_token(row.token) is not None


def test_a_site_whose_key_was_ended_issues_nothing_and_says_what_to_do(ready: Client, office: None) -> None:
    with writing():
        keys.keep(KEY, START)
        keys.end(key_id(public_key(KEY)), None, new_key(), START)
    answer = ready.send(TAKE, **NAME)
    assert answer.status_code == 422
    assert "kunci tanda tangan situs perlu diganti pengelola" in answer.get_data(as_text=True)
    assert rows() == []


def test_what_was_revoked_by_mistake_is_issued_again_under_a_new_number(
    ready: Client, office: None, browser: Callable[[], Client], time: Time
) -> None:
    old, trainer = take(ready), add_person("Bu Ratih")
    add_member(trainer, role="pelatih")
    page = f"/pelatih/{db.session.query(Cohort.code).filter_by(kind='mandiri').scalar()}/sertifikat"
    hers = sign_in(browser(), trainer)
    hers.send(f"{page}/{old}", aksi="cabut", alasan="Keliru orang.")
    time.forward(days=3)
    answer = hers.send(f"{page}/{old}", aksi="ulang", alasan="Pencabutannya keliru.")
    fresh = str(answer.location).rpartition("/")[2]
    before, said = snapshot(old), snapshot(fresh)
    assert (said.number, said.revision, said.issued_on) == ("400.9/002/PSM/2026", 0, START.date() + timedelta(3))
    assert (said.subjects, said.activity, said.ends_on) == (before.subjects, before.activity, before.ends_on)
    assert ready.get(TAKE).location == f"/sertifikat/{fresh}"
