"""Asked for, erased within 72 hours: nothing is left by which somebody could be known, and everything counted stays."""

import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, text

from lms.certificate.actions import reissue
from lms.db.engine import db, writing
from lms.db.labels import ERASED
from lms.db.tables import AuditEntry, Certificate, Cohort, Device, ErasureRequest, ImportRow, Membership, Person
from lms.people import erasure as actions
from lms.people.cards import card_token
from tests.certificate.test_take import draft_of
from tests.conftest import KEY, START, Client, Time, add_member, add_person, sign_in
from tests.people.conftest import NAME, SECRETS, Known
from tests.scene import fingerprint

Browser = Callable[[], Client]
ASK, OFFICE, LIST = "/saya/hapus", "/kelola/permintaan", "/kelola"


@pytest.fixture
def admin(browser: Browser, known: Known) -> Client:
    return sign_in(browser(), add_person("Agus Prasetyo", admin=True))


def ask(known: Known, choice: str = "tetap") -> int:
    """Ask to be erased; the request's id."""
    assert known.browser.send(ASK, sertifikat=choice).location == ASK
    return int(db.session.execute(select(ErasureRequest.id).order_by(ErasureRequest.id.desc())).scalars().first() or 0)


def erase(known: Known, admin: Client, choice: str = "tetap") -> int:
    number = ask(known, choice)
    assert admin.send(f"{OFFICE}/{number}").location == f"{LIST}#permintaan"
    return number


def places(words: tuple[str, ...]) -> Iterator[str]:
    """Every column in which one of these words stands."""
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'select * from "{table.name}"')).mappings():
            for name, value in row.items():
                held = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                if any(word in held for word in words):
                    yield f"{table.name}.{name}"


def counted() -> dict[str, int]:
    """Rows of what was learned."""
    db.session.rollback()
    names = ("reading", "attempt", "answer", "grading", "enrolment", "membership", "extra_try", "inquiry")
    return {name: db.session.execute(text(f"select count(*) from {name}")).scalar_one() for name in names}


def test_no_list_that_waits_keeps_the_name(known: Known, admin: Client) -> None:
    me = db.session.get_one(Person, known.id)
    mine: dict[str, object] = {"name": me.name, "region": me.region}
    other = mine | {"phone": "081200000000"}
    rows: dict[int, dict[str, object]] = {
        2: mine,
        3: {"name": me.name.upper()},
        4: mine | {"name": f"{me.name}a", "skipped": True},
        5: {"name": "TULISAN-PRIBADI", "twins": [-1, me.id], "region": "33.12.01.2002"},
        6: {"name": me.name, "asks_village": True, "villages": [me.region, "33.12.01.2002"]},
        7: mine | {"region": "33.12.01.2002"},
        8: other if me.phone else mine | {"name": "Orang Lain"},
        9: {"name": "Orang Lain", "twins": [me.id * 10 + 1]},
    }
    with writing():
        for number, listed in rows.items():
            row = ImportRow(batch_id="d" * 20, number=number, place=f"baris {number}", cells=[listed["name"]])
            row.listed, row.state, row.at = listed, "lewati" if "skipped" in listed else "ragu", START
            db.session.add(row)
    erase(known, admin)
    db.session.rollback()
    left = {row.number: (row.listed["name"], row.cells) for row in db.session.query(ImportRow)}
    assert {number for number, kept in left.items() if kept == (ERASED, [])} == {2, 3, 4, 5, 6}
    assert {number for number, kept in left.items() if kept[0] != ERASED} == {7, 8, 9}
    assert "baris daftar yang menunggu 5" in db.session.scalars(select(AuditEntry.reason)).all()[-1]


def test_the_page_says_what_goes_what_stays_and_asks_about_certificates(known: Known) -> None:
    shown = known.browser.page(ASK)
    for words in ("Yang dihapus", "Yang tinggal, tanpa nama", "72 jam", "Tidak dapat dikembalikan", "Cadangan"):
        assert words in shown
    assert "Dinas Sosial Kabupaten Wonogiri" in shown
    response = known.browser.send(ASK)
    assert response.status_code == 422
    assert "Pilih dulu" in response.get_data(as_text=True)
    assert known.browser.send(ASK, sertifikat="dijual").status_code == 422
    assert db.session.query(ErasureRequest).filter_by(withdrawn_at=None).count() == 0


def test_asked_twice_it_is_one_request_and_the_first_choice(known: Known) -> None:
    ask(known, "cabut")
    ask(known, "tetap")
    rows = db.session.query(ErasureRequest).filter_by(withdrawn_at=None).all()
    assert [row.keep_certificates for row in rows] == [False]
    assert "Permintaan Anda sudah kami terima" in known.browser.page(ASK)
    assert "Anda meminta data dihapus" in known.browser.page("/saya")


def test_it_may_be_withdrawn_until_it_is_carried_out(known: Known, admin: Client) -> None:
    number = ask(known)
    for _ in range(2):
        assert known.browser.send(f"{ASK}/batal").location == ASK
    assert "Minta data saya dihapus?" in known.browser.page(ASK)
    before = fingerprint()
    assert admin.send(f"{OFFICE}/{number}").status_code == 303
    assert fingerprint() == before
    assert known.browser.get("/saya").status_code == 200
    acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["penghapusan diminta", "permintaan penghapusan dibatalkan"]


@pytest.mark.parametrize(
    ("hours", "said", "late"),
    [
        (0, "Tinggal 3 hari", False),
        (13.5, "Tinggal 2 hari 10 jam", False),
        (71, "Tinggal 1 jam", False),
        (71.5, "Kurang dari 1 jam lagi", False),
        (72.5, "Baru saja lewat waktunya", True),
        (99, "Terlambat 1 hari 3 jam", True),
    ],
)
def test_the_office_sees_the_clock(
    known: Known, admin: Client, time: Time, hours: float, said: str, late: bool
) -> None:
    ask(known)
    time.forward(hours=hours)
    shown = admin.page(LIST)
    assert said in shown
    assert NAME in shown
    assert ("state bad" in shown) == ("Seharusnya selesai" in shown) == late
    assert ("Waktunya sudah lewat" in known.browser.page(ASK)) == late


def test_the_office_is_told_honestly_when_nobody_asks(admin: Client) -> None:
    assert "Tidak ada permintaan yang menunggu" in admin.page(LIST)


def test_a_request_that_never_was_is_not_found(admin: Client) -> None:
    assert admin.send(f"{OFFICE}/999").status_code == 404
    assert admin.send(f"{OFFICE}/0").status_code == 404
    assert admin.send(f"{OFFICE}/99999999999999999999").status_code == 404


def test_before_it_there_is_much_to_find(known: Known) -> None:
    assert len(set(places(SECRETS))) == 17


@pytest.mark.parametrize("choice", ["tetap", "cabut"])
def test_nothing_is_left_but_what_a_certificate_says(known: Known, admin: Client, choice: str) -> None:
    before = counted()
    erase(known, admin, choice)
    kept = {"signed_sheet.data"} if choice == "tetap" else set()
    assert set(places(SECRETS)) == {"certificate.payload"} | kept
    assert counted() == before
    person = db.session.get_one(Person, known.id)
    assert (person.name, person.region, person.login, person.card_hash) == (ERASED, None, None, None)
    assert person.erased_at
    assert person.deactivated_at
    assert db.session.query(Device).filter_by(person_id=known.id).count() == 0


def test_scores_and_choices_stay_as_they_were(known: Known, admin: Client) -> None:
    def graded() -> list[object]:
        db.session.rollback()
        rows = db.session.execute(text("select id, value from answer order by id"))
        chosen = [(number, value) for number, value in rows if re.fullmatch(r'\[("[0-9a-f]{8}"(, )?)+\]', value)]
        return [*db.session.execute(text("select * from grading order by id")), *chosen]

    before = graded()
    assert len(before) > 4
    erase(known, admin)
    assert graded() == before


def test_no_way_leads_in_any_more(known: Known, admin: Client, browser: Browser) -> None:
    card = card_token(KEY[::-1], known.id, 1)
    assert browser().send("/kartu/masuk", kode=card).status_code == 303
    erase(known, admin)
    assert known.browser.get("/saya").location == "/masuk?ke=/saya"
    assert browser().send("/kartu/masuk", kode=card).status_code == 422
    assert browser().send("/masuk", nama="wulan.masuk", sandi="apa saja").status_code == 422


def test_kept_certificates_stay_checkable(known: Known, admin: Client, browser: Browser) -> None:
    address = f"/cek/{db.session.get_one(Certificate, known.certificate_id).token}"
    erase(known, admin)
    shown = browser().page(address)
    assert "Sertifikat ini benar" in shown
    assert NAME in shown


def test_withdrawn_ones_say_so_and_nothing_of_what_was_printed(known: Known, admin: Client, browser: Browser) -> None:
    address = f"/cek/{db.session.get_one(Certificate, known.certificate_id).token}"
    erase(known, admin, "cabut")
    shown = browser().page(address)
    assert "Sertifikat ini sudah dicabut" in shown
    assert NAME not in shown
    assert "Pemiliknya meminta datanya dihapus" in shown


def test_a_sample_goes_in_any_case(known: Known, admin: Client) -> None:
    erase(known, admin)
    assert [row.id for row in db.session.query(Certificate)] == [known.certificate_id]


def test_the_audit_log_keeps_how_much_went_and_no_value(known: Known, admin: Client) -> None:
    erase(known, admin, "cabut")
    entry = db.session.query(AuditEntry).filter_by(action="data dihapus").one()
    assert entry.object == f"person:{known.id}"
    assert "sertifikat dicabut 1, contoh sertifikat 1" in entry.reason
    assert "tulisan 4, perangkat 2, kode 1, formulir 1, perbaikan" in entry.reason
    assert not any(word in entry.reason for word in SECRETS)


def test_carried_out_again_changes_nothing(known: Known, admin: Client) -> None:
    number = erase(known, admin)
    before = fingerprint()
    assert admin.send(f"{OFFICE}/{number}").status_code == 303
    assert fingerprint() == before
    shown = admin.page(LIST)
    assert "Sudah dilaksanakan" in shown
    assert NAME not in shown


def test_it_happens_whole_or_not_at_all(known: Known, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ask(known, "cabut")
    before = fingerprint()
    monkeypatch.setattr(actions, "note", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        admin.send(f"{OFFICE}/{number}")
    assert fingerprint() == before


def test_an_account_merged_into_theirs_goes_with_it(known: Known, admin: Client) -> None:
    double = add_person("Wulansari Lama")
    with writing():
        db.session.get_one(Person, double).merged_into_id = known.id
    erase(known, admin)
    assert db.session.get_one(Person, double).name == ERASED
    assert set(places(SECRETS)) == {"certificate.payload", "signed_sheet.data"}


def test_nobody_elses_rows_are_touched(known: Known, admin: Client) -> None:
    other = db.session.get_one(Person, known.trainer)
    before = (other.name, other.region, other.card_hash)
    erase(known, admin)
    other = db.session.get_one(Person, known.trainer)
    assert (other.name, other.region, other.card_hash, other.erased_at) == (*before, None)


def test_the_last_who_can_run_the_site_is_not_erased(known: Known, admin: Client) -> None:
    with writing():
        db.session.get_one(Person, known.id).is_admin = True
        others = db.session.query(Person).filter(Person.is_admin, Person.id != known.id).all()
        for other in others:
            other.password_hash = ""  # Never set one: whom nobody could let in doesn't count.
    number = ask(known)
    answer = admin.send(f"{OFFICE}/{number}")
    assert (answer.status_code, "pengelola terakhir" in answer.get_data(as_text=True)) == (422, True)
    assert db.session.get_one(Person, known.id).erased_at is None


def test_whoever_is_erased_trains_nobody_any_more(known: Known, admin: Client) -> None:
    part = add_member(known.id, role="pelatih")
    erase(known, admin)
    db.session.rollback()
    assert db.session.get_one(Membership, part).left_at is not None


def test_the_office_is_told_how_many_accounts_go(known: Known, admin: Client) -> None:
    ask(known)
    assert "akun ikut terhapus" not in admin.page(LIST)
    double = add_person("Wulansari Lama")
    with writing():
        db.session.get_one(Person, double).merged_into_id = known.id
    assert "2 akun ikut terhapus" in admin.page(LIST)


def test_a_trainer_sees_nothing_of_a_withdrawn_one_either(known: Known, admin: Client, browser: Browser) -> None:
    add_member(known.trainer, role="pelatih")
    trainer = sign_in(browser(), known.trainer)
    addresses = [f"/sertifikat/{known.certificate_id}{part}" for part in ("", "/pdf")]
    assert [trainer.get(address).status_code for address in addresses] == [200, 200]
    erase(known, admin, "cabut")
    assert [trainer.get(address).status_code for address in addresses] == [404, 404]


def test_a_sheet_that_was_replaced_before_names_nobody_either(known: Known, admin: Client, browser: Browser) -> None:
    add_member(known.trainer, role="pelatih")
    with writing():
        newest = reissue(known.certificate_id, draft_of(known.id), KEY, "Ejaan.", START)
    code = db.session.get_one(Cohort, 1).code
    checks = [f"/cek/{db.session.get_one(Certificate, each).token}" for each in (known.certificate_id, newest)]
    desk = [f"/pelatih/{code}/sertifikat/{each}" for each in (known.certificate_id, newest)]
    anybody, trainer = browser(), sign_in(browser(), known.trainer)
    assert NAME in anybody.page(checks[0])
    assert NAME in trainer.page(desk[0])
    assert NAME in admin.page("/kelola/register")
    erase(known, admin, "cabut")
    for page in [*map(anybody.page, checks), admin.page("/kelola/register")]:
        assert (NAME in page, "Siti Aminah" in page) == (False, False)
    assert "Sertifikat ini sudah dicabut" in anybody.page(checks[0])
    assert [trainer.get(address).status_code for address in desk] == [404, 404]


def test_one_that_was_replaced_and_is_kept_still_says_so(known: Known, admin: Client, browser: Browser) -> None:
    with writing():
        reissue(known.certificate_id, draft_of(known.id), KEY, "Ejaan.", START)
    erase(known, admin)
    assert "sudah diganti" in browser().page(f"/cek/{db.session.get_one(Certificate, known.certificate_id).token}")
