"""The hub of a bimtek: its plan, its meetings, the next step, and closing."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from html import unescape

import pytest

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, Meeting, Membership, SurveyResponse
from tests.bimtek.hall import HUB, add_meeting, close, noted, part_of
from tests.bimtek.hall import note as add_note
from tests.conftest import START, Cast, Client, Time, add_member, add_person, membership_of, sign_in
from tests.learn.test_queries_count import counted

CLOSING = "/pelatih/B1MTEK/acara"
SAID = "/pelatih/B1MTEK/data"
GOOD = {
    "tanggal": "2026-11-24",
    "mulai": "08:00",
    "selesai": "09.30",
    "materi": "Dasar",
    "judul": "",
    "narasumber": "dr. Sri Lestari, M.Kes.",
    "jp": "2",
}


def cohort(code: str = "B1MTEK") -> Cohort:
    db.session.rollback()
    return db.session.query(Cohort).filter_by(code=code).one()


def meetings(cohort_id: int) -> list[Meeting]:
    db.session.rollback()
    return db.session.query(Meeting).filter_by(cohort_id=cohort_id).order_by(Meeting.starts_at).all()


def step(text: str) -> str:
    return text.rpartition('<div class="next">')[2].partition("</a>")[0].rpartition(">")[2]


def told(text: str, label: str) -> str:
    """What the page says of one step, behind a tick when it is done."""
    found = re.search(rf">([✓]?)</span><a [^>]*>{label}<span class=\"hidden\">[^<]*</span><span[^>]*>([^<]*)<", text)
    assert found, label
    return " ".join(filter(None, found.groups()))


def stage(text: str) -> list[str]:
    """The stages that are unfolded."""
    return re.findall(r'<details class="card stage" open>\s*<summary><h2>([^<]+)', text)


def test_the_next_step_follows_the_bimtek_from_plan_to_report(trainer: Client, cast: Cast, time: Time) -> None:
    assert step(trainer.page(HUB)) == "Tambah pertemuan pertama"
    add_meeting(cast.bimtek, 24)
    assert step(trainer.page(HUB)) == "Siapa yang macet"
    time.forward(hours=24)
    assert step(trainer.page(HUB)) == "Catat kehadiran: Praktik asesmen"
    time.forward(days=31)
    assert step(trainer.page(HUB)) == "Tutup bimtek"
    assert trainer.send(CLOSING, aksi="tutup", yakin="ya").status_code == 303
    assert step(trainer.page(HUB)) == "Buat laporan kegiatan"


def test_a_bimtek_without_people_asks_for_their_list_first(trainer: Client, cast: Cast) -> None:
    add_meeting(cast.bimtek, 24)
    with writing():
        db.session.query(Membership).filter_by(role="peserta", cohort_id=cast.bimtek).delete()
    assert step(trainer.page(HUB)) == "Masukkan daftar peserta"


def test_meetings_on_none_of_its_days_are_named_until_it_is_closed(trainer: Client, cast: Cast) -> None:
    add_meeting(cast.bimtek, 24)
    assert "Di luar tanggal bimtek" not in trainer.page(HUB)
    with writing():
        held = cohort()
        held.starts_on, held.ends_on = date(2027, 1, 4), date(2027, 1, 5)
    text = trainer.page(HUB)
    assert "Di luar tanggal bimtek: Praktik asesmen (25 November 2026)." in text
    assert '<a href="/pelatih/B1MTEK/data">perbaiki tanggal bimteknya</a>' in text
    close(cast.bimtek)
    assert "Di luar tanggal bimtek" not in trainer.page(HUB)


def test_who_closes_is_told_where_nobody_was_noted(trainer: Client, cast: Cast) -> None:
    first, second = add_meeting(cast.bimtek, 24, "Pembukaan"), add_meeting(cast.bimtek, 48)
    assert "Belum ada yang tercatat hadir di: Pembukaan, Praktik asesmen." in trainer.page(HUB)
    for meeting in (first, second):
        box = re.search(r'name="orang" value="(\d+)"', trainer.page(f"/pelatih/B1MTEK/hadir/{meeting}?bagian=daftar"))
        assert box
        trainer.send(f"/pelatih/B1MTEK/hadir/{meeting}/daftar", orang=box[1], keadaan="hadir")
    assert "Belum ada yang tercatat hadir" not in trainer.page(HUB)


def test_the_day_of_the_next_step_is_that_of_wonogiri(trainer: Client, cast: Cast, time: Time) -> None:
    add_meeting(cast.bimtek, -48)
    last = cohort().ends_on
    assert last is not None
    time.now = datetime.combine(last, clock(16, 59), UTC)
    assert step(trainer.page(HUB)) == "Siapa yang macet"
    time.forward(minutes=2)
    assert step(trainer.page(HUB)) == "Tutup bimtek"


def test_a_bimtek_is_planned_then_running_then_closed(trainer: Client, cast: Cast, time: Time) -> None:
    time.now = START - timedelta(days=3)
    text = trainer.page(HUB)
    assert '<span class="tag">direncanakan</span>' in text
    assert stage(text) == ["Sebelum"]
    time.now = START
    text = trainer.page(HUB)
    assert '<span class="tag ok">berjalan</span>' in text
    assert stage(text) == ["Hari ini"]
    time.forward(days=31)
    assert stage(trainer.page(HUB)) == ["Sesudah"]
    time.now = START
    close(cast.bimtek)
    text = trainer.page(HUB)
    assert '<span class="tag">ditutup</span>' in text
    assert stage(text) == ["Sesudah"]


def test_a_step_is_ticked_once_it_is_done_and_says_what_was(trainer: Client, cast: Cast) -> None:
    text = trainer.page(HUB)
    assert told(text, "Daftar peserta") == "✓ 1 orang"
    assert told(text, "Narasumber dan panitia") == told(text, "Susunan acara") == "belum ada"
    assert told(text, "Kehadiran") == "belum ada pertemuan"
    assert told(text, "Tutup bimtek") == "belum ditutup"
    trainer.send(SAID, tempat="", kuota="30")
    text = trainer.page(HUB)
    assert told(text, "Keterangan bimtek") == "tempatnya belum ditulis"
    assert told(text, "Daftar peserta") == "✓ 1 orang, kuota 30"
    first = add_meeting(cast.bimtek, 0, "Pembukaan")
    add_meeting(cast.bimtek, 24)
    add_note(first, part_of(cast.participant, cast.bimtek), "hadir")
    with writing():
        db.session.add(SurveyResponse(id="s" * 22, cohort_id=cast.bimtek, answers={}))
    add_member(add_person("Sulastri"), cast.bimtek, "narasumber")
    text = trainer.page(HUB)
    assert told(text, "Susunan acara") == "✓ 2 pertemuan, 4 JP tatap muka"
    assert told(text, "Narasumber dan panitia") == "✓ 1 orang"
    assert told(text, "Kehadiran") == "1 dari 2 pertemuan tercatat"
    assert told(text, "Survei") == "✓ 1 orang mengirim"
    close(cast.bimtek)
    assert told(trainer.page(HUB), "Tutup bimtek").startswith("✓ ditutup 24 November 2026")


def test_what_was_two_pages_leads_to_the_one(trainer: Client, cast: Cast) -> None:
    assert trainer.get(f"{HUB}/acara").location == HUB
    assert trainer.get(f"{HUB}/macet?hal=2").location == f"{HUB}?saring=macet&hal=2"


def test_self_study_has_no_event(trainer: Client, cast: Cast) -> None:
    add_member(cast.trainer, role="pelatih")
    code = db.session.query(Cohort.code).filter_by(kind="mandiri").scalar()
    assert "Susunan acara" not in trainer.page(f"/pelatih/{code}")
    assert trainer.send(f"/pelatih/{code}/acara", aksi="tutup", yakin="ya").status_code == 404


def test_a_meeting_is_added_once_however_often_it_is_sent(trainer: Client, cast: Cast) -> None:
    for _ in range(2):
        assert trainer.send(f"{HUB}/acara/pertemuan", **GOOD).location == f"{HUB}#acara"
    found = meetings(cast.bimtek)
    assert [(each.subject, each.module, each.speaker, each.jp) for each in found] == [
        ("Dasar", "Dasar", "dr. Sri Lestari, M.Kes.", 2)
    ]
    assert found[0].starts_at.isoformat() == "2026-11-24T01:00:00+00:00"
    assert "08.00–09.30 WIB" in trainer.page(HUB)
    assert 'value="09:30"' in trainer.page(f"{HUB}/acara/pertemuan"), "the next one begins where the last one ends"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"selesai": "07:00"}, "Jam selesai harus sesudah jam mulai"),
        ({"mulai": "25:00"}, "Tulis jamnya"),
        ({"tanggal": "besok"}, "Tulis tanggalnya"),
        ({"materi": "Bukan materi"}, "Pilih materi dari daftar"),
        ({"materi": "", "judul": ""}, "Pilih materinya di atas"),
        ({"jp": "-1"}, "Tulis angka 0 sampai 20"),
        ({"jp": "٣"}, "Tulis angka 0 sampai 20"),
        ({"narasumber": "x" * 161}, "Tulis namanya"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_said_beside_it(
    trainer: Client, cast: Cast, change: dict[str, str], fault: str
) -> None:
    response = trainer.send(f"{HUB}/acara/pertemuan", **GOOD | change)
    assert response.status_code == 422
    assert fault in response.get_data(as_text=True)
    assert meetings(cast.bimtek) == []


def test_a_meeting_is_changed_cancelled_and_held_after_all(trainer: Client, cast: Cast) -> None:
    page = f"{HUB}/acara/pertemuan/{add_meeting(cast.bimtek)}"
    assert 'value="Praktik asesmen"' in trainer.page(page)
    trainer.send(page, **GOOD | {"judul": "Pembukaan", "materi": "", "jp": "0"})
    assert [(each.subject, each.jp) for each in meetings(cast.bimtek)] == [("Pembukaan", 0)]
    trainer.send(page, aksi="batal")
    assert "dibatalkan" in trainer.page(HUB)
    assert told(trainer.page(HUB), "Susunan acara") == "belum ada"
    trainer.send(page, aksi="pulih")
    assert told(trainer.page(HUB), "Susunan acara") == "✓ 1 pertemuan, 0 JP tatap muka"


def test_a_meeting_of_another_bimtek_is_not_found(trainer: Client, cast: Cast) -> None:
    other = add_meeting(cast.other_bimtek)
    for page in (
        f"{HUB}/acara/pertemuan/{other}",
        f"/pelatih/B1MTEK/hadir/{other}",
        f"/pelatih/B1MTEK/hadir/{other}?bagian=daftar",
    ):
        assert trainer.get(page).status_code == 404
        assert trainer.get(page.replace(str(other), "999999999")).status_code == 404


def test_the_plan_is_kept_and_its_faults_are_told(trainer: Client, cast: Cast) -> None:
    plan = {
        "kuota": "60",
        "peta": "https://maps.app.goo.gl/abc",
        "bawaan": "Alat tulis\r\n\r\nFotokopi SK  ",
        "dasar": "SK Nomor 12",
        "panitia": "Sri Hartini, ketua\r\nJoko, sekretaris",
        "daring_mulai": "2026-11-01",
        "daring_selesai": "2026-12-31",
    }
    assert trainer.send(SAID, **plan).status_code == 303
    kept = cohort()
    assert (kept.quota, kept.map_link, kept.bring) == (60, plan["peta"], "Alat tulis\nFotokopi SK")
    assert kept.committee == "Sri Hartini, ketua\nJoko, sekretaris"
    assert trainer.send(SAID, **plan).status_code == 303
    assert db.session.query(AuditEntry).filter_by(action="keterangan bimtek diubah").count() == 1
    bad = {
        "kuota": "banyak",
        "peta": "javascript:alert(1)",
        "daring_selesai": "2026-10-01",
        "dasar": "x" * 301,
        "panitia": "a\u202eb",
    }
    response = trainer.send(SAID, **plan | bad)
    assert response.status_code == 422
    text = response.get_data(as_text=True)
    for fault in (
        "Tulis banyaknya orang",
        "Tempel tautan peta",
        "tidak boleh sebelum hari pertamanya",
        "300 huruf",
        "2000 huruf",
    ):
        assert fault in text
    assert cohort().quota == 60


def shown(client: Client, page: str) -> dict[str, str]:
    """The form as it stands when somebody opens it: what its fields hold, and what it says they showed."""
    text = client.page(page)
    fields = {
        name: unescape(value) for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', text)
    }
    fields |= {name: unescape(words) for name, words in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<', text)}
    chosen = re.search(r'name="materi".*?<option selected>([^<]*)<', text, re.DOTALL)
    fields["materi"] = chosen[1] if chosen else ""
    return {name: value for name, value in fields.items() if name not in ("csrf_token", "aksi")}


@pytest.fixture
def colleague(browser: Callable[[], Client], cast: Cast) -> Client:
    add_member(cast.stranger, cast.bimtek, "pelatih")
    return sign_in(browser(), cast.stranger, "Wati")


def test_two_trainers_who_change_different_fields_both_keep_theirs(
    trainer: Client, colleague: Client, cast: Cast
) -> None:
    page = SAID
    trainer.send(page, kuota="60", bawaan="Alat tulis\r\nBekal")
    mine, theirs = shown(trainer, page), shown(colleague, page)
    assert colleague.send(page, **{**theirs, "kuota": "120"}).status_code == 303
    assert trainer.send(page, **{**mine, "dasar": "SK Nomor 12"}).status_code == 303
    assert (cohort().quota, cohort().basis, cohort().bring) == (120, "SK Nomor 12", "Alat tulis\nBekal")


def test_two_trainers_who_change_the_same_field_the_second_sees_both_and_chooses(
    trainer: Client, colleague: Client, cast: Cast
) -> None:
    page = SAID
    mine, theirs = shown(trainer, page), shown(colleague, page)
    colleague.send(page, **{**theirs, "kuota": "120", "peta": "https://maps.app.goo.gl/abc"})
    response = trainer.send(page, **{**mine, "kuota": "60"})
    text = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "pelatih lain mengubahnya menjadi “120”" in text
    assert re.search(r'name="kuota"[^>]*value="60"', text)
    assert 'value="https://maps.app.goo.gl/abc"' in text
    assert cohort().quota == 120
    assert trainer.send(page, **{**shown(trainer, page), "kuota": "60"}).status_code == 303
    assert (cohort().quota, cohort().map_link) == (60, "https://maps.app.goo.gl/abc")


def test_a_form_that_was_open_before_it_became_one_is_taken_and_loses_nothing(trainer: Client, cast: Cast) -> None:
    trainer.send(SAID, kuota="60", dasar="SK Nomor 12")
    old = {"nama": "Bimtek Lama", "mulai": "2026-12-01", "selesai": "2026-12-02", "tempat": "Balai Desa"}
    assert trainer.send(SAID, **old).status_code == 303
    plan = {"kuota": "80", "tadi-kuota": "60", "peta": "", "bawaan": ""}
    assert trainer.send(f"{HUB}/acara/isian", **plan).status_code == 303
    kept = cohort()
    assert (kept.name, kept.place, kept.quota, kept.basis) == ("Bimtek Lama", "Balai Desa", 80, "SK Nomor 12")
    assert trainer.get(f"{HUB}/acara/isian").location == SAID
    refused = trainer.send(f"{HUB}/acara/isian", kuota="banyak", dasar="SK Nomor 14")
    assert refused.status_code == 422
    assert 'value="SK Nomor 14"' in refused.get_data(as_text=True)
    assert f'action="{SAID}"' in refused.get_data(as_text=True)


def test_what_was_said_of_a_closed_bimtek_is_read_and_no_longer_changed(trainer: Client, cast: Cast) -> None:
    trainer.send(SAID, panitia="Sri Hartini, ketua", dasar="SK Nomor 12", daring_mulai="2026-12-01")
    close(cast.bimtek)
    text = trainer.page(SAID)
    assert "Sri Hartini, ketua" in text
    assert "SK Nomor 12" in text
    assert "01/12/2026" in text
    assert "Bimtek ini sudah ditutup" in text
    assert 'id="data"' not in text


def test_a_meeting_that_two_change_keeps_what_each_did(trainer: Client, colleague: Client, cast: Cast) -> None:
    trainer.send(f"{HUB}/acara/pertemuan", **GOOD)
    page = f"{HUB}/acara/pertemuan/{meetings(cast.bimtek)[0].id}"
    mine, theirs = shown(trainer, page), shown(colleague, page)
    assert mine["materi"] == "Dasar"
    colleague.send(page, **{**theirs, "mulai": "08:30"})
    assert trainer.send(page, **{**mine, "jp": "3"}).status_code == 303
    (found,) = meetings(cast.bimtek)
    assert (found.starts_at.isoformat(), found.jp) == ("2026-11-24T01:30:00+00:00", 3)
    refused = trainer.send(page, **{**mine, "mulai": "09:00"})
    assert refused.status_code == 409
    assert "mengubahnya menjadi “08:30”" in refused.get_data(as_text=True)
    assert meetings(cast.bimtek)[0].starts_at.isoformat() == "2026-11-24T01:30:00+00:00"


def test_closing_must_be_meant_and_ends_joining_and_the_tests(trainer: Client, cast: Cast) -> None:
    assert trainer.send(CLOSING, aksi="tutup").status_code == 422
    assert cohort().closed_at is None
    for _ in range(2):
        trainer.send(CLOSING, aksi="tutup", yakin="ya")
    closed = cohort()
    assert (closed.closed_at, closed.posttest_closed_at, closed.is_open) == (START, START, False)
    assert db.session.query(AuditEntry).filter_by(action="bimtek ditutup").count() == 1
    trainer.send("/pelatih/B1MTEK/atur", aksi="buka")
    assert not cohort().is_open


def test_a_closed_bimtek_takes_no_writes_and_says_so(trainer: Client, cast: Cast) -> None:
    meeting = add_meeting(cast.bimtek)
    close(cast.bimtek)
    member = str(part_of(cast.participant, cast.bimtek))
    for page, fields in (
        (SAID, {"kuota": "5"}),
        (f"{HUB}/acara/pertemuan", GOOD),
        (f"{HUB}/acara/pertemuan/{meeting}", GOOD),
        (f"{HUB}/acara/pertemuan/{meeting}", {"aksi": "batal"}),
        (f"/pelatih/B1MTEK/hadir/{meeting}/daftar", {"orang": member, "keadaan": "hadir"}),
    ):
        response = trainer.send(page, **fields)
        assert response.status_code == 409, page
        assert "Bimtek ini sudah ditutup" in response.get_data(as_text=True)
    assert noted(meeting) == []
    assert cohort().quota is None


def test_opening_again_needs_a_reason_and_is_audited(trainer: Client, cast: Cast) -> None:
    close(cast.bimtek)
    assert trainer.send(CLOSING, aksi="buka", alasan=" ").status_code == 422
    assert cohort().closed_at is not None
    trainer.send(CLOSING, aksi="buka", alasan="Kehadiran sore belum tercatat")
    assert (cohort().closed_at, cohort().is_open) == (None, False)
    entry = db.session.query(AuditEntry).filter_by(action="bimtek dibuka lagi").one()
    assert (entry.reason, entry.actor_id) == ("Kehadiran sore belum tercatat", cast.trainer)


def test_a_copied_cohort_has_the_meetings_on_its_own_days(trainer: Client, cast: Cast) -> None:
    add_meeting(cast.bimtek, 0, "Pembukaan", jp=0)
    trainer.send(f"{HUB}/acara/pertemuan/{add_meeting(cast.bimtek, 24, 'Batal')}", aksi="batal")
    trainer.send(SAID, kuota="40", bawaan="Alat tulis", daring_mulai="2026-11-20")
    assert 'name="dari" value="B1MTEK"' in trainer.page("/pelatih/baru?dari=B1MTEK")
    form = {"kursus": "kursus", "nama": "Angkatan II", "mulai": "2027-01-05", "selesai": "2027-01-05", "dari": "B1MTEK"}
    for _ in range(2):
        code = trainer.send("/pelatih/baru", **form).location.split("/")[2]
    made = cohort(code)
    assert (made.quota, made.bring, str(made.online_from)) == (40, "Alat tulis", "2027-01-01")
    found = meetings(made.id)
    assert [(each.subject, each.starts_at.date().isoformat()) for each in found] == [("Pembukaan", "2027-01-05")]
    assert trainer.send("/pelatih/baru", **form | {"nama": "Lain", "dari": "B2MTEK"}).status_code == 404


def test_the_hub_asks_the_same_however_many_meetings_and_people(trainer: Client, cast: Cast) -> None:
    trainer.lint = False
    few = len(counted(trainer, HUB))
    for hour in range(12):
        add_meeting(cast.bimtek, hour)
    assert len(counted(trainer, HUB)) == few <= 22
    assert membership_of(cast.participant)


def test_no_other_name_is_put_under_what_was_said_of_a_speaker(trainer: Client, cast: Cast) -> None:
    trainer.send(f"{HUB}/acara/pertemuan", **GOOD)
    (found,) = meetings(cast.bimtek)
    page = f"{HUB}/acara/pertemuan/{found.id}"
    assert trainer.send(page, **{**GOOD, "narasumber": "Pak Ganti"}).status_code == 303
    with writing():
        db.session.add(SurveyResponse(id="s" * 22, cohort_id=cast.bimtek, answers={}))
    refused = trainer.send(page, **{**GOOD, "narasumber": "Bu Baru"})
    assert refused.status_code == 422
    assert "tidak dapat diganti lagi" in refused.get_data(as_text=True)
    assert trainer.send(page, **{**GOOD, "narasumber": "Pak Ganti", "jp": "3"}).status_code == 303
    assert [(each.speaker, each.jp) for each in meetings(cast.bimtek)] == [("Pak Ganti", 3)]
