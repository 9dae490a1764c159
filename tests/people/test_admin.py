"""Running the site: staff, rights, trainers of a cohort, the office, the log."""

import ast
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from lms.certificate import actions
from lms.certificate.office import set_office
from lms.certificate.pdf import render
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, CourseEditor, Membership, Office, Person
from lms.people.staff import in_words
from lms.web.clock import now
from tests.certificate.samples import BIMTEK
from tests.certificate.test_take import OFFICE as OFFICE_FILE
from tests.certificate.test_take import draft_of
from tests.conftest import KEY, Cast, Client, sign_in
from tests.people.pictures import png

OFFICE = {
    "pemerintah": "PEMERINTAH KABUPATEN WONOGIRI",
    "nama": "DINAS SOSIAL",
    "alamat": "Jalan Contoh 1",
    "tempat": "Wonogiri",
    "penyelenggara": "Dinas Sosial Kabupaten Wonogiri",
}


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    """The browser of who runs the site."""
    with writing():
        db.session.get_one(Person, cast.admin).login = "agus.p"
        db.session.get_one(Person, cast.trainer).login = "retno.w"
    return sign_in(client, cast.admin)


def acts() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(entry.action, entry.object) for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def test_somebody_new_gets_a_link_that_is_shown_once(boss: Client) -> None:
    page = boss.send("/kelola/staf", nama="Wulan Sari", masuk="Wulan.Sari").get_data(as_text=True)
    assert "https://sinau.test/sandi#" in page
    person = db.session.query(Person).filter_by(login="wulan.sari").one()
    assert (person.name, person.password_hash, person.is_admin) == ("Wulan Sari", "", False)
    assert "belum membuat sandi" in boss.page("/kelola/staf")
    for shown in (page, boss.page(f"/kelola/staf/{person.id}")):
        assert '<a href="/kelola/angkatan">jadikan' in shown


@pytest.mark.parametrize(
    "typed",
    [{"nama": "王"}, {"nama": ""}, {"masuk": "ab"}, {"masuk": "siti aminah"}, {"masuk": "-ab"}, {"masuk": "é" * 5}],
)
def test_what_was_typed_wrong_is_said_and_kept(boss: Client, typed: dict[str, str]) -> None:
    answer = boss.send("/kelola/staf", **{"nama": "Wulan Sari", "masuk": "wulan.sari", **typed})
    assert answer.status_code == 422
    assert 'class="fault"' in answer.get_data(as_text=True)
    assert db.session.query(Person).filter_by(login="wulan.sari").count() == 0


def test_a_login_that_is_taken_is_refused_kindly(boss: Client) -> None:
    answer = boss.send("/kelola/staf", nama="Retno Lain", masuk="retno.w")
    assert (answer.status_code, "sudah dipakai" in answer.get_data(as_text=True)) == (422, True)


def test_rights_are_given_taken_and_noted(boss: Client, cast: Cast) -> None:
    way = f"/kelola/staf/{cast.trainer}/hak"
    boss.send(way, pengelola="ya", kursus=["1", "99", "x", "9" * 30])
    answer = boss.send(way, pengelola="ya", kursus=["1"])
    assert "Tersimpan." in boss.page(answer.location)
    page = boss.page(f"/kelola/staf/{cast.trainer}")
    assert ("Menyunting kursus <b>Kursus kecil</b>" in page, "Tersimpan." in page) == (True, False)
    db.session.rollback()
    assert db.session.get_one(Person, cast.trainer).is_admin
    assert [(row.course_id, row.person_id) for row in db.session.query(CourseEditor)] == [(1, cast.trainer)]
    boss.send(way, pelatih="ya")
    assert "pelatih</span>" in boss.page("/kelola/staf")
    boss.send(way)
    person = f"person:{cast.trainer}"
    assert acts() == [
        ("hak pengelola diberikan", person),
        ("hak menyunting diberikan", person),
        ("hak pengelola dicabut", person),
        ("hak pelatih diberikan", person),
        ("hak menyunting dicabut", person),
        ("hak pelatih dicabut", person),
    ]
    assert db.session.query(CourseEditor).count() == 0


def test_a_trainer_without_a_cohort_is_told_whom_to_ask(boss: Client, cast: Cast) -> None:
    assert "Langkah berikutnya" not in boss.page(f"/kelola/staf/{cast.trainer}")
    with writing():
        db.session.query(Membership).filter_by(person_id=cast.trainer).delete()
    theirs = boss.application.test_client()
    sign_in(theirs, cast.trainer)  # type: ignore[arg-type] # The test client is ours.
    refused = theirs.get("/pelatih")
    assert refused.status_code == 403
    assert "memberi Anda hak pelatih" in refused.get_data(as_text=True)


def test_the_last_admin_stays(boss: Client, cast: Cast) -> None:
    for way in ("hak", "berhenti"):
        answer = boss.send(f"/kelola/staf/{cast.admin}/{way}")
        assert (answer.status_code, "pengelola terakhir" in answer.get_data(as_text=True)) == (422, True)
    db.session.rollback()
    admin = db.session.get_one(Person, cast.admin)
    assert (admin.is_admin, admin.deactivated_at) == (True, None)


def test_who_stops_is_out_within_one_request_and_may_come_back(boss: Client, cast: Cast) -> None:
    theirs = boss.application.test_client()
    sign_in(theirs, cast.trainer)  # type: ignore[arg-type] # The test client is ours.
    assert theirs.get("/saya").status_code == 200
    boss.send(f"/kelola/staf/{cast.trainer}/berhenti")
    assert theirs.get("/saya").status_code == 303
    assert "tidak dapat masuk" in boss.page(f"/kelola/staf/{cast.trainer}")
    boss.send(f"/kelola/staf/{cast.trainer}/kembali")
    assert "Hentikan akses" in boss.page(f"/kelola/staf/{cast.trainer}")


def test_a_participant_is_no_member_of_staff(boss: Client, cast: Cast) -> None:
    assert boss.get(f"/kelola/staf/{cast.participant}").status_code == 404
    for way in ("sandi", "hak", "berhenti", "kembali"):
        assert boss.send(f"/kelola/staf/{cast.participant}/{way}").status_code == 404


def test_an_admin_sees_no_participant_until_they_train_which_is_noted(boss: Client, cast: Cast) -> None:
    pages = [boss.page(f"/kelola{page}") for page in ("", "/staf", "/angkatan", "/kantor", "/catatan")]
    assert not any(name in page for page in pages for name in ("Siti Aminah", "Budi Santoso"))
    way = "/kelola/angkatan/B1MTEK/pelatih"
    assert boss.send(way, orang=str(cast.admin), alasan=" ").status_code == 422
    for orang in ("", "9" * 40, str(cast.participant)):
        assert boss.send(way, orang=orang, alasan="Pengganti").status_code == 422
    assert boss.send(way, orang=str(cast.admin), alasan="Pengganti").status_code == 303
    assert acts() == [("pelatih ditambahkan", f"cohort:{cast.bimtek}")]
    entry = db.session.query(AuditEntry).one()
    assert (entry.reason, entry.fields, entry.actor_id) == ("Pengganti", [f"person:{cast.admin}"], cast.admin)
    for _ in range(2):
        boss.send(f"/kelola/angkatan/B1MTEK/pelatih/{cast.admin}/lepas")
    assert [action for action, _ in acts()] == ["pelatih ditambahkan", "pelatih dilepas"]
    boss.send(way, orang=str(cast.admin), alasan="Kembali")
    mine = db.session.query(Membership).filter_by(person_id=cast.admin, role="pelatih").one()
    assert mine.left_at is None


def test_an_unknown_cohort_is_404(boss: Client, cast: Cast) -> None:
    assert boss.send("/kelola/angkatan/ZZZZZZ/pelatih", orang="1", alasan="x").status_code == 404


def send_office(client: Client, picture: bytes | None = None, **typed: str) -> Any:
    files = {"lambang": (io.BytesIO(picture), "lambang.png")} if picture is not None else {}
    return client.send("/kelola/kantor", **{**OFFICE, **typed, **files})


def test_the_office_is_kept_with_its_emblem(boss: Client) -> None:
    assert send_office(boss, png()).status_code == 303
    send_office(boss, nama="DINAS SOSIAL P3A")
    office = db.session.query(Office).one()
    assert (office.name, office.place, len(office.emblem_hash or "")) == ("DINAS SOSIAL P3A", "Wonogiri", 64)
    kept = Image.open(io.BytesIO(boss.get("/kelola/kantor/lambang").data))
    assert (kept.format, kept.size, kept.getpixel((3, 3))) == ("PNG", (8, 6), (14, 90, 67))
    assert "Hapus lambang ini" in boss.page("/kelola/kantor")
    send_office(boss, tanpa_lambang="ya")
    assert boss.get("/kelola/kantor/lambang").status_code == 404


def test_while_the_emblem_is_missing_the_page_says_so(boss: Client) -> None:
    assert "Lambang belum ada" in boss.page("/kelola/kantor")
    send_office(boss, png())
    assert "Lambang belum ada" not in boss.page("/kelola/kantor")


def test_the_office_says_which_rule_self_study_rests_on(boss: Client) -> None:
    assert send_office(boss, dasar_hukum="Keputusan 王").status_code == 422
    send_office(boss, dasar_hukum="Keputusan Kepala Dinas Sosial Nomor 9 Tahun 2026")
    assert "Nomor 9 Tahun 2026" in boss.page("/kelola/kantor")


@pytest.mark.parametrize("picture", [b"GIF89a", png()[:-4], b"<svg/>", b"%PDF"], ids=["gif", "cut", "drawing", "pdf"])
def test_only_a_whole_picture_is_an_emblem(boss: Client, picture: bytes) -> None:
    answer = send_office(boss, picture)
    assert (answer.status_code, 'id="lambang-salah"' in answer.get_data(as_text=True)) == (422, True)


def test_a_drawing_is_an_emblem(boss: Client) -> None:
    drawn = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect width="4" height="2" fill="#0e5a43"/></svg>'
    )
    assert send_office(boss, drawn).status_code == 303
    kept = Image.open(io.BytesIO(boss.get("/kelola/kantor/lambang").data)).convert("RGB")
    assert (kept.size, kept.getpixel((300, 150))) == ((600, 300), (14, 90, 67))


def test_a_large_emblem_is_shrunk_for_print(boss: Client) -> None:
    assert send_office(boss, png(2_000, 1_000)).status_code == 303
    assert Image.open(io.BytesIO(boss.get("/kelola/kantor/lambang").data)).size == (600, 300)


@pytest.mark.parametrize("typed", [{"nama": ""}, {"nama": "王"}, {"tempat": "a" * 61}, {"alamat": "\u0007"}])
def test_what_can_not_be_printed_is_refused_at_its_field(boss: Client, typed: dict[str, str]) -> None:
    answer = send_office(boss, **typed)
    assert (answer.status_code, f'id="{next(iter(typed))}-salah"' in answer.get_data(as_text=True)) == (422, True)
    assert db.session.query(Office).count() == 0


def test_the_emblem_is_printed_where_its_space_was() -> None:
    def corner(emblems: dict[str, bytes]) -> set[Any]:
        sheet = replace(BIMTEK, office=replace(BIMTEK.office, emblem="a" * 64))
        page = pypdfium2.PdfDocument(render([sheet], emblems))[0].render(scale=1).to_pil().convert("RGB")
        return {colour for _, colour in page.getcolors(page.width * page.height) or []}

    red = (200, 20, 20)
    assert red in corner({"a" * 64: png(20, 20, red)})
    assert red not in corner({})


def test_the_log_tells_who_did_what_and_is_searched(boss: Client, cast: Cast) -> None:
    send_office(boss)
    boss.send(f"/kelola/staf/{cast.trainer}/hak", kursus=["1"])
    page = boss.page("/kelola/catatan")
    assert "kantor diatur" in page
    assert "Agus Prasetyo" in page
    assert "hak menyunting diberikan</b> – Retno Wulandari" in page
    assert "hak menyunting diberikan" in boss.page("/kelola/catatan?cari=agus+pra")
    assert "hak menyunting diberikan" in boss.page("/kelola/catatan?sejak=2026-11-24")
    assert "Tidak ada catatan yang cocok" in boss.page("/kelola/catatan?sejak=2026-11-25")
    assert "person:" not in page
    assert "hak menyunting diberikan" not in boss.page("/kelola/catatan?cari=kantor")
    assert "Tidak ada catatan yang cocok" in boss.page("/kelola/catatan?cari=%25")
    for strange in (
        "?sejak=x",
        "?sejak=0001-01-01",
        "?sejak=9999-12-31",
        "?hal=0",
        "?hal=-1",
        "?hal=" + "9" * 5_000,
        "?hal=x",
        "?cari=%00",
        "?hal=99999999999999999999",
    ):
        assert boss.get(f"/kelola/catatan{strange}").status_code == 200


def test_the_log_names_cohorts_and_no_participant_and_speaks_of_fields_in_words(boss: Client, cast: Cast) -> None:
    with writing():
        for what, field in ((f"person:{cast.participant}", "merged_into_id"), (f"cohort:{cast.bimtek}", "archived_at")):
            db.session.add(AuditEntry(at=now(), action="uji", object=what, fields=[field], actor_id=cast.participant))
    page = boss.page("/kelola/catatan")
    assert f"orang nomor {cast.participant}" in page
    assert "angkatan Bimtek Angkatan I" in page
    assert "Siti" not in page
    assert "Siti" not in boss.page("/kelola/catatan?cari=siti").replace("“siti”", "")
    assert ("(digabung dengan)" in page, "(arsip)" in page, "_id" in page) == (True, True, False)


def test_every_field_of_a_cohort_or_person_that_changes_has_a_word() -> None:
    fixed = {"id", "course_id", "kind", "code", "self_issue", "created_at"}
    columns = {column.name for table in (Cohort, Person) for column in table.__table__.columns} - fixed
    assert [name for name in sorted(columns) if in_words(name) == name] == []
    assert in_words("a_new_column") == "a_new_column"


def test_the_log_can_be_neither_changed_nor_thinned(boss: Client) -> None:
    send_office(boss)
    for statement in ("UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DatabaseError), writing():
            db.session.execute(text(statement))
    assert acts() == [("kantor diatur", "office")]


def test_a_page_of_the_log_holds_fifty(boss: Client, cast: Cast) -> None:
    with writing():
        for number in range(51):
            db.session.add(AuditEntry(at=now(), action=f"uji {number:02}", object="x"))
    first, second = boss.page("/kelola/catatan"), boss.page("/kelola/catatan?hal=2")
    assert ("uji 50" in first, "uji 00" in first, "uji 00" in second) == (True, False, True)
    assert "Halaman 2 dari 2" in second


def test_the_log_calls_a_certificate_by_its_number_and_takes_the_reason_from_its_history(
    boss: Client, cast: Cast
) -> None:
    with writing():
        set_office(OFFICE_FILE, now())
        sheet = actions.issue(draft_of(cast.participant), KEY, now())
        actions.revoke(sheet, "Keliru orang.", now(), by=cast.admin)
        for action, reason in (
            ("sertifikat dicabut", ""),
            ("cara tanda tangan dipilih", "tte"),
            ("survei ditutup", ""),
        ):
            kind = "certificate" if "sertifikat" in action else "cohort"
            what = {
                "object": f"{kind}:{sheet if kind == 'certificate' else cast.bimtek}",
                "fields": ["signed_sheet"],
                "reason": reason,
            }
            db.session.add(AuditEntry(at=now(), action=action, actor_id=cast.admin, **what))
    page = boss.page("/kelola/catatan").replace("/<wbr>", "/")
    assert "sertifikat dicabut</b> – sertifikat 400.9/001/PSM/2026" in page
    assert page.count("Alasan: Keliru orang.") == 1, "an act of another thing in the same moment has it not"
    assert "(PDF bertanda tangan elektronik)" in page
    assert "Cara: tanda tangan elektronik" in page
    assert sheet not in page
    assert "signed_sheet" not in page


def test_every_column_and_thing_that_is_noted_has_a_word() -> None:
    noted: set[str] = set()
    for path in Path("lms").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "note":
                texts = [
                    each.value
                    for argument in (*node.args[2:3], *node.args[4:5])
                    for each in ast.walk(argument)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                ]
                noted |= {text.partition(":")[0] for text in texts if re.match(r"[a-z_]+", text)}
    assert {"cohort", "signed_sheet"} <= noted
    assert [
        each for each in sorted({*noted, "ended_on", "leaked_on", "side", "pattern"}) if in_words(each) == each
    ] == []
    assert in_words("kolom_tanpa_kata") == "kolom_tanpa_kata"
