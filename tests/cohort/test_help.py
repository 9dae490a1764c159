"""The help a trainer gives: card, codes, one more try, corrected data, in and out of a cohort; each audited, each
safe to press twice, each of no use to anybody else."""

import re
from collections.abc import Callable

import pytest

from lms.cohort import member_views as views
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Cohort, ErasureRequest, ExtraTry, Membership, OneTimeCode, Person, PersonChange
from lms.people import actions as accounts
from lms.people.cards import card_hash, card_token
from lms.people.erasure import carry_out
from lms.people.queries import good_code, may_be_helped
from lms.quiz.actions import close_tests
from lms.web.clock import Clock
from lms.web.security import POLICY
from tests.bimtek.hall import close
from tests.cohort.test_member import actions_of, give_phone
from tests.cohort.test_member_attempt import give_tests
from tests.conftest import KEY, SLUG, Cast, Client, Time, add_bimtek, add_member, after, publish_course, sign_in
from tests.quiz.exam_course import POST, sit_exam
from tests.quiz.sitting import ONE, begin, sit
from tests.quiz.test_open import START, changed
from tests.scene import fingerprint

CARD_KEY = KEY[::-1]


def test_the_card_is_shown_in_the_page_itself_and_its_showing_is_audited(
    trainer: Client, home: str, cast: Cast
) -> None:
    shown = trainer.send(f"{home}/kartu")
    assert shown.status_code == 200
    page = shown.get_data(as_text=True)
    assert 'src="data:image/png;base64,iVBOR' in page
    assert 'href="data:image/png;base64,iVBOR' in page
    assert "data-cetak" in page
    letters = re.search(r'class="letters"[^>]*>(.*?)</p>', page)
    assert letters
    assert "".join(re.findall(r"<span>(\w+)</span>", letters[1])) == card_token(CARD_KEY, cast.participant, 1)
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "Content-Encoding" not in shown.headers
    assert shown.headers["Content-Security-Policy"] == POLICY.replace("img-src 'self'", "img-src 'self' data:")
    assert actions_of() == ["kartu ditampilkan"]
    assert trainer.get(f"{home}/kartu").location == f"{home}/bantu"


def test_a_new_card_ends_the_old_one_and_pressed_twice_it_is_one(
    trainer: Client, siti: Client, home: str, cast: Cast
) -> None:
    text = trainer.page(f"{home}/bantu")
    serial = re.search(r'name="seri" value="(\d+)"', text)
    assert serial
    refused = trainer.send(f"{home}/kartu/ganti", seri=serial[1])
    assert (refused.status_code, "Beri tanda dulu" in refused.get_data(as_text=True)) == (422, True)
    assert actions_of() == []
    for _ in range(2):
        way = trainer.send(f"{home}/kartu/ganti", seri=serial[1], yakin="ya").location
        assert way == f"{home}/bantu?kabar=kartu"
    assert trainer.send(f"{home}/kartu/ganti", yakin="ya").status_code == 303
    person = db.session.get_one(Person, cast.participant)
    assert person.card_serial == 2
    assert person.card_hash == card_hash(card_token(CARD_KEY, cast.participant, 2))
    assert siti.get("/saya").status_code == 303
    assert actions_of() == ["kartu diganti"]
    assert text.index("Ganti kartu dulu</summary>") < text.index("Buat kode masuk")
    assert "Semua HP yang sedang masuk sebagai Siti Aminah dikeluarkan" in text
    after = trainer.page(way)
    assert "semua HP yang masuk sebagai orang ini sudah dikeluarkan" in after
    assert after.index("Buat kode masuk</button>") < after.index("Tampilkan dan cetak kartunya")
    assert "Ganti kartu" not in after, "what was just done is not offered first again"


def test_a_code_of_eight_digits_signs_this_person_in(trainer: Client, home: str, cast: Cast, time: Time) -> None:
    shown = trainer.send(f"{home}/kode")
    digits = "".join(re.findall(r"<span>(\d{4})</span>", shown.get_data(as_text=True)))
    assert len(digits) == 8
    assert shown.headers["Cache-Control"] == "private, no-store"
    code = db.session.query(OneTimeCode).one()
    assert (code.person_id, code.by_id) == (cast.participant, cast.trainer)
    assert good_code("bantu", digits, time.now)
    assert digits not in repr([vars(entry) for entry in db.session.query(AuditEntry)])
    assert trainer.get(f"{home}/kode").location == f"{home}/bantu"


def test_a_code_that_a_phone_shows_is_confirmed(trainer: Client, home: str, cast: Cast, time: Time) -> None:
    with writing():
        digits = accounts.show_code("secret", time.now)
    wrong = trainer.send(f"{home}/tunjuk", kode="0000 0000")
    assert wrong.status_code == 422
    assert 'value="0000 0000"' in wrong.get_data(as_text=True)
    assert trainer.send(f"{home}/tunjuk", kode=f" {digits[:4]} {digits[4:]}").location.endswith("kabar=cocok")
    assert db.session.query(OneTimeCode).one().person_id == cast.participant
    assert actions_of() == ["kode tunjuk dikonfirmasi"]
    for odd in ("", "\0", "²" * 8, "x" * 5_000):
        assert trainer.send(f"{home}/tunjuk", kode=odd).status_code == 422


@pytest.mark.parametrize("deed", ["kartu", "kartu/ganti", "kode", "tunjuk", "data"])
def test_the_way_into_an_account_of_staff_is_not_a_trainers_to_open(
    trainer: Client, home: str, cast: Cast, deed: str
) -> None:
    with writing():
        db.session.get_one(Person, cast.participant).login = "siti"
    page = trainer.page(f"{home}/bantu")
    assert "juga petugas di situs ini" in page
    assert f"{home}/data" not in page
    assert trainer.send(f"{home}/{deed}", seri="1", kode="12345678", nama="X", desa="33.12.01.2001").status_code == 403
    assert actions_of() == []


@pytest.mark.parametrize("deed", ["nomor", "kartu", "kartu/ganti", "kode", "tunjuk", "data"])
def test_whoever_left_is_out_of_reach_until_they_are_taken_back(
    trainer: Client, home: str, cast: Cast, deed: str
) -> None:
    give_phone(cast.participant)
    trainer.send(f"{home}/angkatan", ke="keluar", yakin="ya")
    before = fingerprint()
    assert trainer.send(f"{home}/{deed}", seri="1", nama="X", desa="33.12.01.2001").status_code == 403
    assert fingerprint() == before
    assert "Tampilkan nomor" not in trainer.page(home)
    page = trainer.page(f"{home}/bantu")
    assert "Kembalikan dulu" in page
    assert f'action="{home}/{deed}"' not in page
    trainer.send(f"{home}/angkatan", ke="kembali")
    assert trainer.send(f"{home}/{deed}", seri="1", nama="Siti", desa="33.12.01.2001").status_code != 403


@pytest.mark.parametrize("gone", ["deactivated_at", "erased_at"])
def test_the_way_into_an_account_that_is_closed_is_opened_for_nobody(cast: Cast, time: Time, gone: str) -> None:
    assert may_be_helped(cast.participant)
    with writing():
        setattr(db.session.get_one(Person, cast.participant), gone, time.now)
    assert not may_be_helped(cast.participant)


def test_one_more_try_at_a_quiz_is_given_once_and_used(trainer: Client, siti: Client, home: str, cast: Cast) -> None:
    edition_id = publish_course(SLUG, changed(old="kesempatan = 0", new="kesempatan = 1"))
    with writing():
        db.session.get_one(Cohort, cast.bimtek).edition_id = edition_id
    trainer.send(f"{home}/kesempatan", kuis=ONE)
    assert actions_of() == []
    sit(siti).submit(right=False)
    assert begin(siti, ordinal=2).location == START
    assert "kesempatannya sudah habis" in trainer.page(f"{home}/bantu")
    for _ in range(2):
        assert trainer.send(f"{home}/kesempatan", kuis=ONE).status_code == 303
    given = db.session.query(ExtraTry).one()
    assert (given.quiz, given.by_id, given.membership_id) == (ONE, cast.trainer, None)
    assert actions_of() == ["kesempatan ditambah"]
    assert "Kesempatan: 2 kali, termasuk tambahan dari pelatih Anda." in siti.page(START)
    sit(siti, ordinal=2).submit(right=False)
    assert begin(siti, ordinal=3).location == START


def test_one_more_try_at_the_posttest_holds_in_a_closed_cohort(
    trainer: Client, siti: Client, home: str, cast: Cast, time: Time
) -> None:
    give_tests(cast)
    sit_exam(siti, POST).score(1)
    trainer.send(f"{home}/kesempatan", kuis="tes:akhir")
    assert actions_of() == []
    with writing():
        close_tests(cast.bimtek, time.now)
    assert siti.send(POST, ke=2).location == POST
    time.forward(minutes=1)
    for _ in range(2):
        trainer.send(f"{home}/kesempatan", kuis="tes:akhir")
    assert actions_of() == ["kesempatan ditambah"]
    assert "Pelatih memberi Anda satu kesempatan lagi." in siti.page(POST)
    time.forward(minutes=1)
    second = sit_exam(siti, POST, 2).score(5)
    assert "Nilai Anda 100" in second.result()
    assert siti.send(POST, ke=3).location == POST
    assert siti.send(f"/tes/{SLUG}/awal", ke=1).location == f"/tes/{SLUG}/awal"


@pytest.mark.parametrize("quiz", ["", "tes:awal", "tidak/ada", "\0", "x" * 3_000])
def test_no_try_is_given_at_what_is_none(trainer: Client, home: str, quiz: str) -> None:
    assert trainer.send(f"{home}/kesempatan", kuis=quiz).status_code == 303
    assert actions_of() == []


def test_data_is_corrected_and_what_it_was_is_kept(trainer: Client, home: str, cast: Cast) -> None:
    give_phone(cast.participant)
    page = trainer.page(f"{home}/bantu")
    assert "081234567890" not in page
    assert "PIN-nya (kalau ada) ikut terhapus" in page
    assert re.search(r'<optgroup label="Pracimantoro"><option[^>]*>', page)
    assert "js/desa.js" in page
    fields = {"nama": "Siti  Aminah Rahayu", "gelar_belakang": "S.Pd.", "desa": "33.12.01.2002", "hp": ""}
    told = trainer.page(trainer.send(f"{home}/data", **fields).location)
    assert "Yang diubah: nama, gelar di belakang, desa (kini " in told
    assert "Kecamatan Pracimantoro)." in told
    assert "Tidak ada yang berubah" in trainer.page(trainer.send(f"{home}/data", **fields).location)
    assert "Yang diubah" not in trainer.page(f"{home}/bantu?kabar=data&isi=x")
    person = db.session.get_one(Person, cast.participant)
    assert (person.name, person.region, person.phone) == ("Siti Aminah Rahayu", "33.12.01.2002", "081234567890")
    assert {change.field for change in db.session.query(PersonChange)} == {"name", "region", "title_after"}
    assert 'value="S.Pd."' in trainer.page(f"{home}/bantu")
    assert actions_of() == ["data diperbaiki"]
    trainer.send(f"{home}/data", **fields | {"hp": "+62 812-0000-1111"})
    db.session.rollback()
    assert db.session.get_one(Person, cast.participant).phone == "081200001111"
    trainer.send(f"{home}/data", **fields | {"hapus": "1"})
    db.session.rollback()
    assert db.session.get_one(Person, cast.participant).phone == ""


def test_what_changes_while_data_is_corrected_is_seen_before_it_is_written(
    trainer: Client, home: str, cast: Cast, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_phone(cast.participant)
    fields = {"nama": "Nama Lagi", "gelar_belakang": "S.Pd.", "desa": "33.12.01.2001", "hp": ""}

    def meanwhile(what: Callable[[], object]) -> None:
        monkeypatch.setattr(views, "writing", lambda: after(what))

    def person() -> Person:
        db.session.rollback()
        return db.session.get_one(Person, cast.participant)

    def erase() -> None:
        asked = ErasureRequest(person_id=cast.participant, asked_at=time.now, keep_certificates=False)
        db.session.add(asked)
        db.session.flush()
        assert carry_out(asked.id, cast.admin, time.now)

    meanwhile(lambda: setattr(db.session.get_one(Person, cast.participant), "phone", "081200001111"))
    assert trainer.send(f"{home}/data", **fields | {"nama": "Siti Rahayu"}).status_code == 303
    assert (person().name, person().phone) == ("Siti Rahayu", "081200001111")
    meanwhile(lambda: setattr(db.session.get_one(Person, cast.participant), "is_admin", True))
    assert trainer.send(f"{home}/data", **fields).status_code == 403
    assert person().name == "Siti Rahayu"
    monkeypatch.undo()
    with writing():
        db.session.get_one(Person, cast.participant).is_admin = False
    meanwhile(erase)
    refused = trainer.send(f"{home}/data", **fields | {"hp": "081299998888"})
    assert refused.status_code == 409
    assert "Sudah berubah lebih dulu" in refused.get_data(as_text=True)
    assert (person().name, person().phone) == ("(dihapus)", "")
    assert "name" not in {change.field for change in db.session.query(PersonChange)}


def test_wrong_data_is_told_field_by_field_and_nothing_typed_is_lost(trainer: Client, home: str) -> None:
    answer = trainer.send(f"{home}/data", nama="Сити", desa="33.12.99.9999", hp="12")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert text.count('class="fault"') == 3
    assert 'value="Сити"' in text
    assert 'value="12"' in text
    assert actions_of() == []


def test_nobody_is_put_out_before_it_was_said_that_this_is_meant(trainer: Client, home: str) -> None:
    refused = trainer.send(f"{home}/angkatan", ke="keluar")
    page = refused.get_data(as_text=True)
    assert (refused.status_code, "Beri tanda dulu" in page, "<details open><summary>Salah angkatan" in page) == (
        422,
        True,
        True,
    )
    assert actions_of() == []


def test_out_of_the_cohort_and_back(trainer: Client, home: str, cast: Cast) -> None:
    for wanted, action in (("keluar", "keluar angkatan"), ("kembali", "kembali ke angkatan")):
        for _ in range(2):
            way = trainer.send(f"{home}/angkatan", ke=wanted, yakin="ya").location
            assert way == f"{home}/bantu?kabar=angkatan"
        assert actions_of()[-1] == action
        assert ("Keluar dari angkatan ini pada" in trainer.page(home)) == (wanted == "keluar")
    assert len(actions_of()) == 2


def test_into_another_cohort_of_the_same_trainer_only(trainer: Client, home: str, cast: Cast) -> None:
    mine = add_bimtek("B3MTEK")
    add_member(cast.trainer, mine, "pelatih")
    assert "B2MTEK" not in trainer.page(f"{home}/bantu")
    for code in ("B3MTEK", "B3MTEK", "B2MTEK", "", "x" * 3_000):
        assert trainer.send(f"{home}/angkatan", ke=code).status_code == 303
    rows = db.session.query(Membership).filter_by(person_id=cast.participant, role="peserta")
    assert {row.cohort_id for row in rows} == {1, cast.bimtek, mine}
    assert actions_of() == ["masuk angkatan"]


def test_into_a_closed_bimtek_and_out_of_it_goes_nobody(trainer: Client, home: str, cast: Cast) -> None:
    mine = add_bimtek("B3MTEK")
    add_member(cast.trainer, mine, "pelatih")
    assert 'value="B3MTEK"' in trainer.page(f"{home}/bantu")
    close(mine)
    assert 'value="B3MTEK"' not in trainer.page(f"{home}/bantu")
    _refused_as_closed(trainer, home, "B3MTEK")
    close(cast.bimtek)
    _refused_as_closed(trainer, home, "keluar")
    page = trainer.page(f"{home}/bantu")
    assert "Bimtek ini sudah ditutup" in page
    assert 'value="keluar"' not in page
    with writing():
        db.session.get_one(Membership, int(home.rpartition("/")[2])).left_at = Clock.source()
    _refused_as_closed(trainer, home, "kembali")
    assert 'value="kembali"' not in trainer.page(f"{home}/bantu")
    assert actions_of() == []


def _refused_as_closed(trainer: Client, home: str, wanted: str) -> None:
    before = fingerprint()
    answer = trainer.send(f"{home}/angkatan", ke=wanted, yakin="ya")
    assert (answer.status_code, "sudah ditutup" in answer.get_data(as_text=True)) == (409, True)
    assert fingerprint() == before


def test_who_was_in_a_closed_bimtek_may_come_into_the_next(trainer: Client, home: str, cast: Cast) -> None:
    mine = add_bimtek("B3MTEK")
    add_member(cast.trainer, mine, "pelatih")
    close(cast.bimtek)
    assert 'value="B3MTEK"' in trainer.page(f"{home}/bantu")
    assert trainer.send(f"{home}/angkatan", ke="B3MTEK").status_code == 303
    assert actions_of() == ["masuk angkatan"]


def test_nobody_else_helps(browser: Callable[[], Client], home: str, cast: Cast) -> None:
    for who in (cast.other_trainer, cast.admin, cast.participant):
        client = sign_in(browser(), who)
        for deed in ("nomor", "kartu", "kartu/ganti", "kode", "tunjuk", "kesempatan", "data", "angkatan", "isi"):
            assert client.send(f"{home}/{deed}", seri="1", ke="keluar").status_code == 404
    assert actions_of() == []


@pytest.mark.parametrize("deed", ["nomor", "kartu", "kartu/ganti", "kode", "tunjuk", "data", "angkatan", "isi"])
def test_for_somebody_who_was_erased_nothing_is_done_any_more(
    trainer: Client, home: str, cast: Cast, time: Time, deed: str
) -> None:
    with writing():
        db.session.get_one(Person, cast.participant).erased_at = time.now
    before = fingerprint()
    assert trainer.send(f"{home}/{deed}", ke="keluar", kode="12345678").status_code == 404
    assert fingerprint() == before
    assert "Beri bantuan" not in trainer.page(home), "what they learned may still be read"
