"""The desk: cohorts with their counts; opening, copying, archiving, the door."""

import re
from datetime import date
from urllib.parse import unquote

import pytest

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, Course, CourseEditor, Edition, Membership
from tests.conftest import SLUG, START, Cast, Client, add_bimtek, add_member, add_person, publish_course, sign_in
from tests.learn.test_queries_count import counted
from tests.quiz.exam_course import exam_files

FORM = {"kursus": SLUG, "nama": "Bimtek  Baru", "mulai": "2026-12-07", "selesai": "8/12/2026", "tempat": "Pendopo"}


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer)


def opened(name: str = "Bimtek Baru") -> list[Cohort]:
    db.session.rollback()
    return db.session.query(Cohort).filter_by(name=name).all()


def audit() -> list[tuple[str, int | None, str]]:
    db.session.rollback()
    return [(entry.action, entry.actor_id, entry.object) for entry in db.session.query(AuditEntry)]


def test_my_cohorts_with_the_counts_that_matter(trainer: Client, cast: Cast) -> None:
    text = trainer.page("/pelatih")
    assert "Bimtek Angkatan I" in text
    assert "24 November s.d. 24 Desember 2026, Pendopo Kecamatan Pracimantoro" in text
    assert "<b>1</b> peserta" in text
    assert "<b>1</b> aktif minggu ini" in text
    assert "<b>0</b> tuntas" in text
    assert "/pelatih/B1MTEK" in text
    assert "B2MTEK" not in text


def test_the_desk_costs_the_same_for_many_cohorts_and_people(trainer: Client, cast: Cast) -> None:
    few = len(counted(trainer, "/pelatih"))
    for number in range(8):
        cohort_id = add_bimtek(f"X{number}MTEK")
        add_member(cast.trainer, cohort_id, "pelatih")
        for _ in range(4):
            add_member(add_person(), cohort_id)
    assert len(counted(trainer, "/pelatih")) == few <= 7


def test_self_study_stands_below_the_bimtek_on_either_database(trainer: Client, cast: Cast) -> None:
    cohort_id, code = db.session.query(Cohort.id, Cohort.code).filter_by(kind="mandiri").one()
    add_member(cast.trainer, cohort_id, "pelatih")
    text = trainer.page("/pelatih")
    assert text.index("/pelatih/B1MTEK") < text.index(f"/pelatih/{code}")
    # Where nothing is said, SQLite puts an empty date last here and PostgreSQL first.
    assert any("ORDER BY cohort.starts_on DESC NULLS LAST" in sent for sent in counted(trainer, "/pelatih"))


def test_who_is_no_staff_is_refused(client: Client, cast: Cast) -> None:
    sign_in(client, cast.participant)
    for path in ("/pelatih", "/pelatih/baru"):
        assert client.get(path).status_code == 403
    assert client.send("/pelatih/baru", **FORM).status_code == 403
    assert opened() == []


def test_staff_without_a_cohort_are_told_what_to_do(client: Client, cast: Cast) -> None:
    text = sign_in(client, cast.admin).page("/pelatih")
    assert "Anda belum melatih angkatan mana pun" in text
    assert "Buka angkatan pertama" in text


def test_an_editor_opens_a_cohort_and_becomes_its_trainer(client: Client, cast: Cast) -> None:
    with writing():
        course_id = db.session.query(Course.id).scalar()
        db.session.add(CourseEditor(course_id=course_id, person_id=cast.stranger, at=START))
    sign_in(client, cast.stranger)
    response = client.send("/pelatih/baru", **FORM)
    (cohort,) = opened()
    assert response.location == f"/pelatih/{cohort.code}/atur?dibuka=1"
    assert (cohort.kind, cohort.starts_on, cohort.ends_on) == ("bimtek", date(2026, 12, 7), date(2026, 12, 8))
    assert (cohort.place, cohort.is_open) == ("Pendopo", True)
    roles = db.session.query(Membership.person_id, Membership.role).filter_by(cohort_id=cohort.id).all()
    assert roles == [(cast.stranger, "pelatih")]
    assert ("angkatan dibuka", cast.stranger, f"cohort:{cohort.id}") in audit()
    page = client.page(response.location)
    assert f">https://sinau.test/ikut/{cohort.code}</a>" in page
    assert "Angkatan sudah dibuka." in page
    assert f'<a href="/pelatih/{cohort.code}/acara/pertemuan">Susun acaranya</a>' in page
    assert f'<a href="/pelatih/{cohort.code}/impor">Masukkan daftar peserta</a>' in page
    assert "Angkatan sudah dibuka." not in client.page(f"/pelatih/{cohort.code}/atur")
    link = re.search(r'href="https://wa\.me/\?text=([^"]+)"', page)
    assert link
    assert unquote(link[1]).endswith(f"\nhttps://sinau.test/ikut/{cohort.code}")


def test_it_pins_the_newest_edition(trainer: Client) -> None:
    newest = publish_course(SLUG, exam_files())
    trainer.send("/pelatih/baru", **FORM)
    assert opened()[0].edition_id == newest
    assert db.session.query(Edition).count() > 1


def test_sent_twice_it_is_one_cohort(trainer: Client) -> None:
    first, second = (trainer.send("/pelatih/baru", **FORM).location for _ in range(2))
    assert first == second
    assert len(opened()) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kursus", "tidak-ada", "Pilih kursus dari daftar"),
        ("nama", " ", "Tulis nama angkatan"),
        ("nama", "x" * 201, "Tulis nama angkatan"),
        ("nama", "a\x00b", "Tulis nama angkatan"),
        ("tempat", "x" * 201, "paling panjang 200"),
        ("mulai", "", "Tulis tanggalnya"),
        ("mulai", "31/2/2026", "Tulis tanggalnya"),
        ("selesai", "9999-12-31", "Tulis tanggalnya"),
        ("selesai", "2026-12-06", "sebelum hari pertama"),
        ("selesai", "2028-12-06", "lebih dari setahun"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(trainer: Client, field: str, value: str, words: str) -> None:
    response = trainer.send("/pelatih/baru", **{**FORM, field: value})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert words in text
    assert field == "tempat" or "Pendopo" in text
    assert len(db.session.query(Cohort).all()) == 3


def test_a_copy_has_the_same_data_and_asks_for_dates(trainer: Client) -> None:
    text = trainer.page("/pelatih/baru?dari=B1MTEK")
    assert 'value="Bimtek Angkatan I"' in text
    assert 'value="Pendopo Kecamatan Pracimantoro"' in text
    assert 'type="date" value=""' in text
    assert trainer.get("/pelatih/baru?dari=B2MTEK").status_code == 404
    assert trainer.get("/pelatih/baru?dari=%00").status_code == 404


def test_the_door_is_closed_and_opened_once_each(trainer: Client, cast: Cast, browser: object) -> None:
    for _ in range(2):
        assert trainer.send("/pelatih/B1MTEK/atur", aksi="tutup").status_code == 303
    assert not opened("Bimtek Angkatan I")[0].is_open
    assert trainer.get("/ikut/B1MTEK").status_code == 404
    assert "Pendaftaran ditutup" in trainer.page("/pelatih/B1MTEK/atur")
    trainer.send("/pelatih/B1MTEK/atur", aksi="buka")
    assert trainer.get("/ikut/B1MTEK").status_code == 200
    assert [action for action, *_ in audit()] == ["pendaftaran ditutup", "pendaftaran dibuka"]


def test_an_archived_cohort_is_off_the_desk_closed_and_comes_back_closed(trainer: Client) -> None:
    refused = trainer.send("/pelatih/B1MTEK/atur", aksi="arsipkan")
    assert (refused.status_code, "Beri tanda dulu" in refused.get_data(as_text=True)) == (422, True)
    assert "Arsip" not in trainer.page("/pelatih")
    trainer.send("/pelatih/B1MTEK/atur", aksi="arsipkan", yakin="ya")
    text = trainer.page("/pelatih")
    assert "Arsip (1)" in text
    assert "Semua angkatan Anda ada di arsip" in text
    assert trainer.get("/ikut/B1MTEK").status_code == 404
    trainer.send("/pelatih/B1MTEK/atur", aksi="buka")
    assert trainer.get("/ikut/B1MTEK").status_code == 404, "an archived cohort is joined by nobody"
    assert "di arsip" in trainer.page("/pelatih/B1MTEK")
    trainer.send("/pelatih/B1MTEK/atur", aksi="pulihkan")
    assert "Arsip" not in trainer.page("/pelatih")
    assert "pendaftaran ditutup" in trainer.page("/pelatih")
    assert [action for action, *_ in audit()] == ["angkatan diarsipkan", "angkatan dipulihkan"]


def test_an_unknown_act_is_refused(trainer: Client) -> None:
    assert trainer.send("/pelatih/B1MTEK/atur", aksi="hapus").status_code == 400
    assert trainer.send("/pelatih/B1MTEK/atur").status_code == 400


def test_a_cohort_of_another_trainer_is_not_there(trainer: Client) -> None:
    for path in ("", "/atur", "/tes", "?saring=macet"):
        assert trainer.get(f"/pelatih/B2MTEK{path}").status_code == 404
    for path in ("/atur", "/tes", "/macet", "/daftar.xlsx", "/semua.xlsx"):
        assert trainer.send(f"/pelatih/B2MTEK{path}").status_code == 404
    assert audit() == []


FIXED = {"nama": "Bimtek Angkatan II", "mulai": "2026-12-01", "selesai": "2/12/2026", "tempat": "Balai Desa"}


def test_name_dates_and_place_are_corrected_and_the_log_says_which(trainer: Client, cast: Cast) -> None:
    text = trainer.page("/pelatih/B1MTEK/data")
    assert 'value="Bimtek Angkatan I"' in text
    assert 'value="2026-11-24"' in text
    for _ in range(2):
        told = trainer.send("/pelatih/B1MTEK/data", **FIXED).location
        assert told is not None
        assert "Tersimpan." in trainer.page(told)
    (cohort,) = opened("Bimtek Angkatan II")
    assert (cohort.id, cohort.place) == (cast.bimtek, "Balai Desa")
    assert (cohort.starts_on, cohort.ends_on) == (date(2026, 12, 1), date(2026, 12, 2))
    (entry,) = db.session.query(AuditEntry)
    assert (entry.action, entry.object) == ("keterangan bimtek diubah", f"cohort:{cast.bimtek}")
    assert sorted(entry.fields) == ["ends_on", "name", "place", "starts_on"]
    assert "Balai Desa" in trainer.page("/pelatih/B1MTEK/atur")


def test_two_trainers_who_correct_it_at_once_lose_nothing(trainer: Client, cast: Cast) -> None:
    page = "/pelatih/B1MTEK/data"
    shown = dict(re.findall(r'name="(tadi-[^"]+)" value="([^"]*)"', trainer.page(page)))
    before = {name.removeprefix("tadi-"): words for name, words in shown.items()}
    trainer.send(page, **shown, **{**before, "tempat": "Balai Desa"})
    assert trainer.send(page, **shown, **{**before, "nama": "Bimtek Angkatan II"}).status_code == 303
    db.session.rollback()
    cohort = db.session.get_one(Cohort, cast.bimtek)
    assert (cohort.name, cohort.place) == ("Bimtek Angkatan II", "Balai Desa")
    refused = trainer.send(page, **shown, **{**before, "tempat": "Pendopo"})
    assert refused.status_code == 409
    assert "mengubahnya menjadi “Balai Desa”" in refused.get_data(as_text=True)


def test_a_wrong_date_is_told_and_changes_nothing(trainer: Client) -> None:
    response = trainer.send("/pelatih/B1MTEK/data", **{**FIXED, "mulai": "31/2/2026"})
    assert response.status_code == 422
    assert "Tulis tanggalnya" in response.get_data(as_text=True)
    assert "Balai Desa" in response.get_data(as_text=True)
    assert audit() == []


def test_self_study_has_no_dates_to_correct(trainer: Client, cast: Cast) -> None:
    cohort_id, code = db.session.query(Cohort.id, Cohort.code).filter_by(kind="mandiri").one()
    add_member(cast.trainer, cohort_id, "pelatih")
    assert trainer.get(f"/pelatih/{code}/data").status_code == 404
    assert "Terbitan kursus" not in trainer.page(f"/pelatih/{code}/atur")


def test_a_bimtek_moves_to_the_newest_edition_when_its_trainer_says_so(trainer: Client, cast: Cast) -> None:
    assert "terbitan 1, yang terbaru" in trainer.page("/pelatih/B1MTEK/atur")
    newest = publish_course(SLUG, exam_files())
    assert "Pindah ke terbitan 2" in trainer.page("/pelatih/B1MTEK/atur")
    assert db.session.get_one(Cohort, cast.bimtek).edition_id != newest
    for _ in range(2):
        trainer.send("/pelatih/B1MTEK/atur", aksi="terbitan", nomor="2")
    assert opened("Bimtek Angkatan I")[0].edition_id == newest
    assert [action for action, *_ in audit()] == ["terbitan angkatan dipindah"]
    assert "terbitan 2, yang terbaru" in trainer.page("/pelatih/B1MTEK/atur")


def test_an_edition_that_is_no_longer_the_newest_is_not_pinned(trainer: Client, cast: Cast) -> None:
    publish_course(SLUG, exam_files())
    held = opened("Bimtek Angkatan I")[0].edition_id
    for number in ("1", "3", "x", ""):
        assert trainer.send("/pelatih/B1MTEK/atur", aksi="terbitan", nomor=number).status_code == 303
    assert opened("Bimtek Angkatan I")[0].edition_id == held
    assert audit() == []
