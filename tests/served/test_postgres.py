"""The whole journey on PostgreSQL; `make test-postgres` brings the cluster, without it nothing here is collected."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep
from traceback import format_exception

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import Conflict

from lms.bimtek import actions as surveys
from lms.boot.demo import fill
from lms.boot.setup import initialise
from lms.certificate import actions as certificates
from lms.certificate.office import set_office
from lms.cohort.actions import take_part
from lms.cohort.desk_queries import FILTERS, ORDERS
from lms.course.actions import roll_back
from lms.db.engine import close_all, db, writing
from lms.db.tables import (
    Answer,
    Attempt,
    AuditEntry,
    Certificate,
    Cohort,
    ErasureRequest,
    Grading,
    Membership,
    Person,
    Reading,
    SurveyResponse,
)
from lms.learn.actions import finish_lesson
from lms.people import erasure as mydata
from lms.people import jobs
from lms.people.actions import add_staff, correct, enrol, new_admin_code
from lms.people.jobs import job_of
from lms.quiz import actions as quizzes
from lms.quiz import queries
from lms.quiz.actions import close_tests
from lms.roster.views import write_some
from lms.web.clock import now
from tests.bimtek.conftest import add_meeting
from tests.certificate.test_take import OFFICE, draft_of, finish, take
from tests.cohort.crowd import pairs_in
from tests.cohort.test_join import GOOD
from tests.conftest import (
    KEY,
    SLUG,
    START,
    Cast,
    Client,
    Time,
    add_member,
    add_person,
    publish_course,
    settings_for,
    sign_in,
)
from tests.people.conftest import PAGE as PAIRS
from tests.people.conftest import Twins, progress_of, twins_of
from tests.quiz.exam_course import PAGE, POST, PRE, exam_files, sit_exam
from tests.quiz.sitting import ONE, TWO, sit
from tests.quiz.test_open import changed
from tests.roster.test_import import brought
from tests.served.postgres import URL, app, at_once, browser_of, create, empty, make_empty, slow_down

__all__ = ["app", "empty"]


def erase(person_id: int) -> None:
    """Erase somebody at their own request."""
    with writing():
        mydata.ask_erasure(person_id, START, keep_certificates=True)
    with writing():
        request = db.session.query(ErasureRequest).filter_by(person_id=person_id).one()
        assert mydata.carry_out(request.id, person_id, START)


class TestPostgres:
    __test__ = bool(URL)

    def test_the_whole_walk(self, app: Flask, client: Client) -> None:
        code = db.session.query(Cohort.code).scalar()
        assert client.send(f"/ikut/{code}", **GOOD).status_code == 303
        assert client.send(f"/ikut/{code}", **GOOD).status_code == 303
        assert db.session.query(Person).count() == 1
        finish(client)
        with writing():
            set_office(OFFICE, START)
        found = take(client, nama="Sri Wahyuningsih")
        assert take(client) == found
        token = db.session.query(Certificate.token).scalar()
        assert "Sertifikat ini benar" in client.page(f"/cek/{token}")
        assert client.get(f"/sertifikat/{found}/pdf").data.startswith(b"%PDF")
        for page in ("/", "/saya", "/saya/kartu", f"/belajar/{SLUG}", f"/mulai-kuis/{SLUG}/{ONE}"):
            client.page(page)

    def test_both_tests_and_their_closing(self, app: Flask, learner: Client) -> None:
        publish_course(SLUG, exam_files())
        pre = sit_exam(learner, PRE).score(1)
        post = sit_exam(learner, POST).score(4)
        assert not pre.asked & post.asked
        assert "Peningkatan Anda <b>tinggi</b>" in post.result()
        sit_exam(learner, POST, ordinal=2)
        with writing():
            close_tests(1, now())
        assert learner.send(POST, ke=3).location == POST
        assert [pair.word for pair in pairs_in(1)] == ["tinggi"]
        for page in ("/", PAGE, PRE, POST):
            learner.page(page)

    def test_a_test_is_held_opened_watched_closed_and_told(self, app: Flask, client: Client) -> None:
        publish_course(SLUG, exam_files())
        cast, desk = Cast(), "/pelatih/B1MTEK/tes"
        trainer, siti = sign_in(client, cast.trainer), sign_in(browser_of(app), cast.participant)
        assert trainer.send(f"{desk}/awal", aksi="tahan").status_code == 303
        assert siti.send(PRE).location == PRE
        assert trainer.send(f"{desk}/awal", aksi="buka").status_code == 303
        sitting = sit_exam(siti, PRE)
        sitting.save(sitting.entry(1, sitting.right(1)))
        assert "<b>1</b> sedang mengerjakan" in trainer.page(desk)
        work = trainer.send(f"{desk}/awal", aksi="tutup", yakin="ya").location
        assert trainer.send(work).status_code == 303
        assert "Nilai Anda 20" in sitting.result()
        sit_exam(siti, POST).score(4)
        for page in ("", "?bagian=awal", "?bagian=akhir", "?bagian=peningkatan"):
            trainer.page(desk + page)

    def test_nobody_slips_into_a_test_that_another_node_closes(self, app: Flask, tmp_path: Path) -> None:
        publish_course(SLUG, exam_files())
        cast, other = Cast(), create(tmp_path)
        people = [add_person(f"Peserta {number}") for number in range(8)]
        for person in people:
            add_member(person, cast.bimtek)
        sitters = [sign_in(browser_of(app), person) for person in people]
        tokens = [sitter.token() for sitter in sitters]
        trainer = sign_in(browser_of(other), cast.trainer)
        token = trainer.token()

        def close() -> None:
            answer = trainer.post(
                "/pelatih/B1MTEK/tes/awal", data={"csrf_token": token, "aksi": "tutup", "yakin": "ya"}
            )
            assert answer.status_code == 303

        def sit_down() -> None:
            for sitter, mine in zip(sitters, tokens, strict=True):
                sitter.post(PRE, data={"csrf_token": mine})

        assert at_once(app, [sit_down, close]) == []
        with other.app_context():
            close_all()
        db.session.rollback()
        assert db.session.query(Attempt).filter_by(closes_at=None).count() == 0

    def test_answers_are_kept_once_and_late_ones_apart(self, app: Flask, learner: Client) -> None:
        sitting = sit(learner, TWO)
        entry = sitting.entry(2, ("60",))
        for _ in range(2):
            assert sitting.save(entry).status_code == 200
        sitting.send("simpan", {2: ("60",), 5: ("Cerita saya.",)})
        sitting.save(submit=True)
        assert sitting.save(sitting.entry(1, sitting.right(1))).get_json()["late"] is True
        facts = sitting.facts
        with writing():
            quizzes.add_grading(facts, queries.questions_of(facts), queries.LATE_ACCEPTED, now())
        assert "2 dari 4 soal benar" in sitting.result()
        assert db.session.query(Answer).count() == 3
        assert db.session.query(Grading).count() == 2

    def test_two_presses_at_once_are_one(self, app: Flask, learner: Client) -> None:
        device = learner_device(learner)

        def press() -> object:
            client = app.test_client()
            assert isinstance(client, Client)
            with client.session_transaction(base_url="https://sinau.test") as session:
                session["_user_id"], session["_fresh"] = device, True
            return client.send(f"/mulai-kuis/{SLUG}/{ONE}", ke=1)

        assert at_once(app, [press, press, press]) == []
        db.session.rollback()
        assert db.session.query(Attempt).count() == 1

    def test_two_nodes_at_a_double_press_both_succeed(self, app: Flask, tmp_path: Path) -> None:
        person, other = add_person("Wagiyem"), create(tmp_path)

        def press(node: Flask) -> Callable[[], None]:
            def work() -> None:
                with node.app_context(), writing():
                    cohort = db.session.query(Cohort).one()
                    take_part(person, cohort.id, cohort.course_id, START)
                    finish_lesson(enrol(person, cohort.course_id, START), ONE, 1, START)
                    sleep(0.2)

            return work

        assert at_once(app, [press(app), press(other)]) == []
        with other.app_context():
            close_all()
        assert (db.session.query(Membership).count(), db.session.query(Reading).count()) == (1, 1)

    def test_numbers_have_no_gap_and_no_double(self, app: Flask) -> None:
        with writing():
            set_office(OFFICE, START)
        people = [add_person(f"Siti {letter}") for letter in ("Aa", "Bb", "Cc")]
        for person in people:
            add_member(person)
        drafts = [draft_of(person) for person in people]
        db.session.rollback()

        def issue(draft: certificates.SheetDraft) -> Callable[[], None]:
            def work() -> None:
                with writing():
                    certificates.issue(draft, KEY, START)

            return work

        assert at_once(app, [issue(draft) for draft in drafts]) == []
        assert {sequence for (sequence,) in db.session.query(Certificate.sequence)} == {1, 2, 3}

    def test_two_who_are_one_read_both_and_are_two_again(self, app: Flask, client: Client, time: Time) -> None:
        publish_course(SLUG, exam_files())
        cast = Cast()
        twins = twins_of(cast)
        learners = [sign_in(browser_of(app), person) for person in (twins.stays, twins.gone)]
        for learner, lesson in zip(learners, (ONE, TWO), strict=True):
            finish(learner, lesson)
            sit_exam(learner, PRE).score(2)
            time.forward(hours=1)
        sit_exam(learners[1], POST).score(5)
        trainer = sign_in(client, cast.trainer)
        assert twins.pair in trainer.page(PAIRS)
        trainer.page(twins.pair)
        assert trainer.send(f"{twins.pair}/gabung", tetap="1").status_code == 303
        assert len(pairs_in(cast.bimtek)) == 1
        assert progress_of(twins.stays).facts.passed == {ONE, TWO}
        desk = f"/pelatih/B1MTEK/anggota/{twins.one}"
        for page in (
            PAIRS,
            twins.pair,
            "/pelatih/B1MTEK",
            desk,
            f"{desk}/bantu",
            "/pelatih/B1MTEK/kotak?bagian=catatan",
        ):
            trainer.page(page)
        for page in ("/", "/saya", PAGE, PRE, POST, f"/mulai-kuis/{SLUG}/{TWO}"):
            learners[0].page(page)
        sit_exam(learners[0], POST, 2)
        assert trainer.send(f"{twins.pair}/pisah").status_code == 303
        assert progress_of(twins.stays).facts.passed == {ONE}

    def test_each_merged_into_the_other_at_once_is_one_of_both(self, app: Flask) -> None:
        twins = twins_of(Cast())
        other = replace(twins, stays=twins.gone, gone=twins.stays)
        db.session.rollback()
        found: list[bool] = []

        def merge(wanted: Twins) -> Callable[[], None]:
            return lambda: found.append(wanted.merge())

        assert at_once(app, [merge(twins), merge(other)]) == []
        assert sorted(found) == [False, True]

    def test_who_is_erased_at_one_node_gets_no_name_back_at_another(self, app: Flask, tmp_path: Path) -> None:
        cast, other = Cast(), create(tmp_path)
        with writing():
            asked = ErasureRequest(person_id=cast.participant, asked_at=START, keep_certificates=False)
            db.session.add(asked)
            db.session.flush()
            request = asked.id
        erased = Event()

        def erase() -> None:
            with writing():
                assert mydata.carry_out(request, cast.admin, START)
                erased.set()
                sleep(0.5)

        def name_anew() -> None:
            assert erased.wait(5)
            with other.app_context(), writing():
                correct(cast.participant, {"name": "Siti Lain", "phone": "081234567890"}, cast.trainer, START)

        (refused,) = at_once(app, [erase, name_anew])
        assert isinstance(refused, Conflict)
        with other.app_context():
            close_all()
        db.session.rollback()
        person = db.session.get_one(Person, cast.participant)
        assert (person.name, person.phone) == ("(dihapus)", "")

    def test_five_surveys_from_two_nodes_are_mixed_and_each_counts_once(self, app: Flask, tmp_path: Path) -> None:
        cast, other = Cast(), create(tmp_path)
        add_meeting(cast.bimtek, "Drs. Wiyono")
        members = [add_member(add_person(f"Peserta {number}"), cast.bimtek) for number in range(5)]
        with writing():
            assert surveys.open_survey(cast.bimtek, cast.trainer, now())
        db.session.rollback()

        def answer(node: Flask) -> Callable[[], None]:
            def work() -> None:
                with node.app_context():
                    for member in members:
                        with writing():
                            assert surveys.send_survey(cast.bimtek, member, {"acara-undangan": 3}, now())
                            sleep(0.02)

            return work

        assert at_once(app, [answer(app), answer(other)]) == []
        with other.app_context():
            close_all()
        assert [row.boxed for row in db.session.query(SurveyResponse)] == [False] * 5
        trainer = sign_in(browser_of(app), cast.trainer)
        assert trainer.send("/pelatih/B1MTEK/survei", aksi="tutup", yakin="ya").status_code == 303
        assert "Indeks <b>75,00</b>" in trainer.page("/pelatih/B1MTEK/survei")
        participant = sign_in(browser_of(app), cast.participant)
        participant.page("/survei/B1MTEK")
        participant.send("/rtl/B1MTEK", **{"bila-1": "ada bencana", "maka-1": "mendata"})
        assert "Bila ada bencana" in trainer.page("/pelatih/B1MTEK/rtl")
        assert "<b>1</b>" in trainer.page("/pelatih/jangkauan")

    def test_two_presses_at_once_write_a_list_once(
        self, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trainer, other = Cast().trainer, create(tmp_path)
        client = sign_in(browser_of(app), trainer)
        place = brought(client, "Nama;Desa;Kecamatan\nSugeng;Pule;Selogiri\nWati;Pule;Selogiri\n")
        batch, device, before = place.rpartition("/")[2], learner_device(client), db.session.query(Person).count()
        slow_down(monkeypatch, "lms.roster.views.jobs.begin")
        slow_down(monkeypatch, "lms.roster.views.actions.write_lines")
        found: list[str] = []

        def press(node: Flask) -> None:
            pressing = browser_of(node)
            with pressing.session_transaction(base_url="https://sinau.test") as session:
                session["_user_id"], session["_fresh"] = device, True
            found.append(pressing.send(f"{place}/masukkan").location)

        def slice_of(node: Flask, job_id: str) -> None:
            with node.app_context():
                job = job_of(trainer, job_id)
                assert job
                write_some(job)

        db.session.rollback()
        assert at_once(app, [lambda: press(app), lambda: press(other)]) == []
        assert len(found) == 2
        assert len(set(found)) == 1
        told = {"title": "Memasukkan 2 orang", "onward": place, "total": 2, "told": {"batch": batch}, "cohort_id": 2}
        with writing():
            second = jobs.begin("impor", trainer, now(), **told)  # As of two presses that both began work.
        first = found[0].rpartition("/")[2]
        assert at_once(app, [lambda: slice_of(app, first), lambda: slice_of(other, second)]) == []
        with other.app_context():
            close_all()
        assert db.session.query(Person).count() == before + 2

    def test_a_list_is_seen_beside_the_quota_and_forgets_who_is_erased(self, app: Flask, client: Client) -> None:
        cast = Cast()
        with writing():
            db.session.get_one(Cohort, cast.bimtek).quota = 1
        trainer = sign_in(client, cast.trainer)
        place = brought(trainer, "Nama;Desa;Kecamatan\nWiyono;Sumberagung;Pracimantoro\n")
        assert "1 dari 1 orang yang siap melebihi kuota" in trainer.page(f"{place}?bagian=jelas")
        joined = add_person("Wiyono")
        erase(joined)
        assert "meminta datanya dihapus" in trainer.page(f"{place}?bagian=tidak")

    def test_publishing_reading_again_and_rolling_back(self, app: Flask, learner: Client) -> None:
        learner.send(f"/belajar/{SLUG}/{ONE}")
        publish_course(SLUG, changed("Kalimat pembuka", "Kalimat baru"), reread=(ONE,))
        assert "0 dari 2 pelajaran" in learner.page(f"/belajar/{SLUG}")
        with writing():
            assert roll_back(1, 1, START)
        assert "1 dari 2 pelajaran" in learner.page(f"/belajar/{SLUG}")
        assert db.session.query(Reading).count() == 1

    def test_staff_and_the_admin_link(self, app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("lms.people.views.hash_password", lambda password: "hash")
        monkeypatch.setattr("lms.people.views.password_matches", lambda encoded, password: password == "benar")
        with writing():
            add_staff("Retno", "retno", "hash", START)
            secret = new_admin_code(START)
        assert client.send("/masuk", nama="retno", sandi="salah").status_code == 422
        assert client.send("/masuk", nama="retno", sandi="benar").status_code == 303
        form = {"kode": secret, "nama": "Agus", "masuk": "retno", "sandi": "sandi yang panjang"}
        assert client.send("/awal/buat", **form).status_code == 422
        assert client.send("/awal/buat", **{**form, "masuk": "agus"}).status_code == 303
        assert client.send("/awal", kode=secret).status_code == 422

    def test_the_audit_log_is_never_changed(self, app: Flask) -> None:
        with writing():
            set_office(OFFICE, START)
        with pytest.raises(DBAPIError, match="never changed"), writing():
            db.session.query(AuditEntry).update({"reason": "x"})
        with pytest.raises(DBAPIError, match="never changed"), writing():
            db.session.query(AuditEntry).delete()

    def test_what_was_written_is_not_in_the_text_of_an_error(self, app: Flask) -> None:
        name = "Angkatan" + " Rahasia"
        with pytest.raises(IntegrityError, match="ck_cohort_kind") as caught, writing():
            db.session.add(Cohort(course_id=1, kind="lain", name=name, code="R4HAS1"))
        assert name not in "".join(format_exception(caught.value))

    @pytest.mark.parametrize(
        "path", ["/kuis/%00", "/sertifikat/%00", "/media/" + "%00" * 64, "/belajar/%00", "/cek?kode=%00", "/ikut/%00"]
    )
    def test_what_the_database_can_not_hold_is_no_fault_of_ours(self, learner: Client, path: str) -> None:
        assert 400 <= learner.get(path).status_code < 500

    def test_a_name_with_a_hole_in_it(self, learner: Client, client: Client) -> None:
        assert client.send("/saya/perangkat/a%00b/keluar").status_code in (400, 404)
        client.send("/keluar")
        assert client.send("/masuk", nama="a\0b", sandi="x").status_code in (400, 422)

    def test_the_demonstration_and_the_bundled_course(self, app: Flask, tmp_path: Path) -> None:
        settings = settings_for(tmp_path, database_url=URL, demo=True)
        make_empty()
        assert initialise(app, settings)
        assert initialise(app, settings) == []
        said = "\n".join(fill(settings, START))
        assert said.count("/cek/") == 4
        assert db.session.query(Person).count() == 43
        trainer, code = (
            db.session.query(Membership.person_id, Cohort.code)
            .join(Cohort)
            .filter_by(kind="mandiri")
            .filter(Membership.role == "pelatih")
            .one()
        )
        client = sign_in(app.test_client(), trainer)  # type: ignore[arg-type] # Ours, as `create` set it.
        pages = [
            "",
            "/macet",
            "/tes",
            *(f"?saring={only}" for only in FILTERS),
            *(f"?urut={order}" for order in ORDERS),
        ]
        client.send(f"/pelatih/{code}", cari="siti praci")
        for page in ("/pelatih", *(f"/pelatih/{code}{page}" for page in pages), f"/pelatih/{code}?dicari=ya"):
            client.page(page)
        assert "<b>40</b> peserta" in client.page("/pelatih")
        assert client.send(f"/pelatih/{code}/semua.xlsx").data.startswith(b"PK")


def learner_device(client: Client) -> str:
    with client.session_transaction(base_url="https://sinau.test") as session:
        return str(session["_user_id"])
