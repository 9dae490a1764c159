"""Rulings on a field of a practice form: the same preview, the same grading again, by the hash of field and key."""

from dataclasses import dataclass

import pytest
from flask import Flask

from lms.db.engine import db
from lms.db.tables import Cohort, Course, Grading, Ruling
from lms.quiz.queries import rulings, score_of
from tests.conftest import Cast, Client, Time, add_member, sign_in
from tests.course.form_texts import PATH, case_of
from tests.quiz.filling import MODEL, SLUG, Filling, new_learner, open_case


@dataclass
class Desk:
    """The trainer of the form's cohort."""

    client: Client
    way: str

    def preview(self, **fields: object) -> str:
        answer = self.client.send(f"{self.way}/lihat", alasan="Aturannya berubah", **fields)
        return answer.get_data(as_text=True)

    def decide(self, **fields: object) -> int:
        return self.client.send(self.way, alasan="Aturannya berubah", **fields).status_code


@pytest.fixture
def filled_in(app: Flask, client: Client) -> Filling:
    """A case sent with two answers that its key does not expect."""
    filling = open_case(new_learner(app, client))
    filling.save(True, **{**MODEL, "tanggal": ("1/10/2026",), "persetujuan": ("tertulis",)})
    return filling


@pytest.fixture
def code(filled_in: Filling, cast: Cast) -> str:
    """The cohort, which the trainer of the cast trains."""
    found = db.session.query(Cohort.id, Cohort.code).join(Course, Course.id == Cohort.course_id)
    cohort_id, code = found.filter(Course.slug == SLUG).one()
    add_member(cast.trainer, cohort_id, role="pelatih")
    return str(code)


def desk_at(app: Flask, cast: Cast, code: str, field: str) -> Desk:
    """The page of a field of the case that is filled in alone."""
    form, case = case_of("bu-tuti")
    hashed = next(item.hash for item in form.asked(case) if item.field.name == field)
    return Desk(sign_in(app.test_client(), cast.trainer), f"/pelatih/{code}/soal/{hashed}")  # type: ignore[arg-type] # Ours.


def scores(filling: Filling) -> list[tuple[int, bool, str]]:
    db.session.rollback()
    rows = db.session.query(Grading).filter_by(attempt_id=filling.id).order_by(Grading.id)
    return [(score_of(row.right, row.asked), row.passed, row.reason) for row in rows]


def test_every_case_lists_its_fields_and_each_tells_its_key(
    app: Flask, cast: Cast, code: str, filled_in: Filling
) -> None:
    desk = desk_at(app, cast, code, "persetujuan")
    listed = desk.client.page(f"/pelatih/{code}/soal")
    assert "Formulir kunjungan: " in listed
    assert desk.way in listed
    assert "isian)" in listed
    page = desk.client.page(desk.way)
    assert "✓ Lisan, disaksikan" in page
    assert "✗ Tertulis" in page
    assert "Batalkan isian" in page
    assert "Ganti kunci" not in page


def test_a_field_is_voided_and_the_preview_says_what_then_happens(
    app: Flask, cast: Cast, code: str, filled_in: Filling
) -> None:
    desk = desk_at(app, cast, code, "persetujuan")
    (before,) = scores(filled_in)
    page = desk.preview(putusan="batal")
    assert "1 percobaan" in page
    assert "Formulir kunjungan: " in page
    assert scores(filled_in) == [before]
    assert desk.decide(putusan="batal") == desk.decide(putusan="batal") == 303
    first, second = scores(filled_in)
    assert first == before
    assert second[0] > before[0]
    assert second[2] == "putusan"
    assert f"{before[0]} → <b>{second[0]}</b>" in page
    assert "Dibatalkan, " in desk.client.page(desk.way)


def test_another_choice_is_accepted_beside_the_key(
    app: Flask, cast: Cast, code: str, filled_in: Filling, time: Time
) -> None:
    desk = desk_at(app, cast, code, "persetujuan")
    (before,) = scores(filled_in)
    assert desk.decide(putusan="terima", jawaban="menolak") == 303
    assert scores(filled_in)[-1][0] == before[0]
    time.forward(seconds=1)
    assert desk.decide(putusan="terima", jawaban="tertulis") == 303
    assert scores(filled_in)[-1][0] > before[0]


@pytest.mark.parametrize("written", ["1 Oktober 2026", "2026-10-01", "01/10/2026"])
def test_a_day_is_accepted_however_it_is_written(
    app: Flask, cast: Cast, code: str, filled_in: Filling, written: str
) -> None:
    desk = desk_at(app, cast, code, "tanggal")
    (before,) = scores(filled_in)
    assert "14 s.d. 15 Oktober 2026" in desk.client.page(desk.way)
    assert desk.decide(putusan="terima", teks=written) == 303
    assert scores(filled_in)[-1][0] > before[0]


@pytest.mark.parametrize(
    ("field", "sent", "told"),
    [
        ("tanggal", {"putusan": "terima"}, "Tulis jawaban yang diakui"),
        ("tanggal", {"putusan": "terima", "teks": "kemarin"}, "Tulis tanggalnya seperti"),
        ("persetujuan", {"putusan": "terima", "jawaban": "zzz"}, "Pilih jawaban"),
        ("persetujuan", {"putusan": "kunci", "jawaban": "tertulis"}, "Putusan ini tidak ada"),
        ("rencana", {"putusan": "terima", "teks": "Ke puskesmas."}, "Putusan ini tidak ada"),
    ],
)
def test_what_can_not_be_ruled_is_told(
    app: Flask, cast: Cast, code: str, field: str, sent: dict[str, object], told: str
) -> None:
    desk = desk_at(app, cast, code, field)
    assert told in desk.preview(**sent)
    assert desk.decide(**sent) == 422
    assert db.session.query(Ruling).count() == 0


def test_a_field_that_is_not_graded_has_no_page(app: Flask, cast: Cast, code: str) -> None:
    desk = desk_at(app, cast, code, "renungan")
    assert desk.client.get(desk.way).status_code == 404


def test_who_fills_it_in_afterwards_is_graded_by_it_too(app: Flask, cast: Cast, code: str, filled_in: Filling) -> None:
    desk_at(app, cast, code, "tanggal").decide(putusan="batal")
    again = open_case(filled_in.client, ordinal=2)
    again.save(True, **{**MODEL, "tanggal": ("1/10/2026",)})
    assert scores(again)[0][0] == 100
    assert len(rulings(again.facts.course_id, [item.hash for item in again.facts.sheet.items])) == 1


def test_a_doubt_about_a_field_leads_the_desk_to_its_ruling(
    app: Flask, cast: Cast, filled_in: Filling, code: str
) -> None:
    learner, desk = filled_in.client, desk_at(app, cast, code, "persetujuan")
    hashed = desk.way.rpartition("/")[2]
    assert f'href="/tanya/{SLUG}?jenis=keliru&amp;di={PATH}"' in learner.page(f"/belajar/{SLUG}/{PATH}")
    doubt = f"/tanya/{SLUG}?jenis=keliru&amp;di={PATH}&amp;soal={hashed}"
    assert f'href="{doubt}"' in filled_in.look("/hasil")
    assert "isian “" in learner.page(doubt.replace("&amp;", "&"))
    sent = {"formulir": "a" * 22, "jenis": "keliru", "di": PATH, "soal": hashed, "isi": "Tertulis pun boleh."}
    assert learner.send(f"/tanya/{SLUG}", **sent).status_code == 303
    text = desk.client.page(f"/pelatih/{code}/kotak")
    assert ("isian “" in text, f'href="{desk.way}"' in text) == (True, True)
    assert desk.client.get(desk.way).status_code == 200
