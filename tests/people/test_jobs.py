"""Long work is done in slices, each unit once, and goes on where it stood."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.db.engine import read, writing
from lms.db.tables import AuditEntry
from lms.people import job_views as views
from lms.people import jobs as actions
from lms.people.actions import note
from lms.people.jobs import JobFacts, job_of
from lms.web.clock import now
from tests.conftest import Cast, Client, membership_of, sign_in


def begin(cast: Cast, total: int = 3) -> str:
    with writing():
        return actions.begin("uji", cast.trainer, now(), title="Uji", onward="/saya", total=total, told={})


def one_unit(job: JobFacts) -> None:
    with writing():
        if actions.advance(job, job.position + 1, now()):
            note(job.by_id, "satu", "job", now())


def units() -> int:
    return read(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "satu")).scalar_one()


@pytest.fixture
def steps(app: Flask) -> dict[str, views.Step]:
    found: dict[str, views.Step] = {"uji": one_unit}
    app.extensions["jobs"] = found
    return found


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer)


def test_a_press_works_until_all_is_done_and_leads_on(
    trainer: Client, cast: Cast, steps: dict[str, views.Step]
) -> None:
    job_id = begin(cast)
    assert "0</b> dari 3" in trainer.page(f"/kerja/{job_id}")
    assert trainer.send(f"/kerja/{job_id}").location == f"/kerja/{job_id}"
    assert trainer.get(f"/kerja/{job_id}").location == "/saya"
    assert units() == 3
    trainer.send(f"/kerja/{job_id}")
    assert units() == 3


def test_a_slice_ends_after_its_time_and_the_next_goes_on(
    trainer: Client, cast: Cast, steps: dict[str, views.Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = begin(cast)
    moments = iter(range(0, 100, 3))
    monkeypatch.setattr(views.time, "monotonic", lambda: next(moments) - 1)
    monkeypatch.setattr(views, "SLICE_SECONDS", 4)
    trainer.send(f"/kerja/{job_id}")
    assert units() == 1
    assert "1</b> dari 3" in trainer.page(f"/kerja/{job_id}")
    trainer.send(f"/kerja/{job_id}")
    assert units() == 2


def test_two_that_work_at_once_do_each_unit_once(app: Flask, cast: Cast) -> None:
    seen = job_of(cast.trainer, begin(cast))
    assert seen is not None
    one_unit(seen)
    one_unit(seen)
    assert units() == 1


def test_what_can_not_be_done_ends_with_its_reason(trainer: Client, cast: Cast, steps: dict[str, views.Step]) -> None:
    def refuse(job: JobFacts) -> None:
        if job.position == 1:
            raise actions.NotDoable("Berkasnya sudah tidak ada. Unggah lagi.")
        one_unit(job)

    steps["uji"] = refuse
    job_id = begin(cast)
    trainer.send(f"/kerja/{job_id}")
    page = trainer.page(f"/kerja/{job_id}")
    assert "Berkasnya sudah tidak ada. Unggah lagi." in page
    assert "(1 dari 3)" in page


def test_a_script_hears_how_far_it_is(trainer: Client, cast: Cast, steps: dict[str, views.Step]) -> None:
    job_id = begin(cast)
    headers = {"Accept": "application/json", "Referer": "https://sinau.test/"}
    reply = trainer.post(f"/kerja/{job_id}", data={"csrf_token": trainer.token()}, headers=headers)
    assert reply.json == {"posisi": 3, "dari": 3, "selesai": True}


def test_a_trainer_who_left_the_cohort_works_no_more(trainer: Client, cast: Cast, steps: dict[str, views.Step]) -> None:
    with writing():
        job_id = actions.begin(
            "uji", cast.trainer, now(), title="Uji", onward="/", total=1, told={}, cohort_id=cast.bimtek
        )
    assert trainer.get(f"/kerja/{job_id}").status_code == 200
    with writing():
        membership_of(cast.trainer, cast.bimtek).left_at = now()
    assert trainer.get(f"/kerja/{job_id}").status_code == 404
    assert trainer.send(f"/kerja/{job_id}").status_code == 404
    assert units() == 0


def test_nobody_else_sees_or_works_it(client: Client, cast: Cast, steps: dict[str, views.Step]) -> None:
    job_id = begin(cast)
    other = sign_in(client, cast.admin)
    assert other.get(f"/kerja/{job_id}").status_code == 404
    assert other.send(f"/kerja/{job_id}").status_code == 404
    assert units() == 0
