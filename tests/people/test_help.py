"""What a trainer or an admin does for a person: a new card, codes, correction, an account switched off and on."""

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Device, OneTimeCode, Person, PersonChange
from lms.people import actions
from lms.people.cards import card_hash, card_token
from lms.people.queries import digits_hash, may_be_helped
from tests.conftest import KEY, START, Cast, Client, Time, sign_in

CARD_KEY = KEY[::-1]


def audited() -> list[tuple[int | None, str, str]]:
    db.session.rollback()
    return [(entry.actor_id, entry.action, entry.object) for entry in db.session.query(AuditEntry)]


def test_correcting_keeps_what_it_was_and_is_audited_by_field(cast: Cast, time: Time) -> None:
    wanted = {"name": "Siti Aminah", "region": "33.12.01.2002", "phone": "081234567890"}
    with writing():
        actions.correct(cast.participant, wanted, cast.trainer, time.now)
    kept = [(change.field, change.old, change.by_id) for change in db.session.query(PersonChange)]
    assert kept == [("region", "33.12.01.2001", cast.trainer), ("phone", "", cast.trainer)]
    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.fields) == ("data diperbaiki", ["region", "phone"])
    with writing():
        actions.correct(cast.participant, wanted, cast.trainer, time.now)
    assert len(audited()) == 1


def test_a_new_card_ends_the_old_one_its_devices_its_pin_and_its_codes(client: Client, cast: Cast, time: Time) -> None:
    sign_in(client, cast.participant)
    with writing():
        db.session.get_one(Person, cast.participant).pin_hash = "x"
        actions.new_help_code(cast.participant, cast.trainer, time.now)
        actions.replace_card(cast.participant, time.now, by=cast.trainer)
    person = db.session.get_one(Person, cast.participant)
    assert (person.card_serial, person.card_since, person.pin_hash) == (2, START, "")
    assert person.card_hash == card_hash(card_token(CARD_KEY, cast.participant, 2))
    assert db.session.query(OneTimeCode).count() == 0
    assert client.get("/saya").status_code == 303
    assert audited()[-1] == (cast.trainer, "kartu diganti", f"person:{cast.participant}")


def test_a_deactivated_person_is_out_at_once_and_nobody_else_is(cast: Cast, time: Time, client: Client) -> None:
    sign_in(client, cast.participant)
    for _ in range(2):
        with writing():
            actions.deactivate(cast.participant, cast.admin, time.now)
    assert client.get("/saya").status_code == 303
    for _ in range(2):
        with writing():
            actions.reactivate(cast.participant, cast.admin, time.now)
    assert client.get("/saya").status_code == 303
    assert sign_in(client, cast.participant).get("/saya").status_code == 200
    assert [action for _, action, _ in audited()] == ["akun dinonaktifkan", "akun diaktifkan lagi"]


def test_ending_all_devices_keeps_the_one_at_hand(cast: Cast, time: Time, client: Client) -> None:
    with writing():
        here, there = (actions.add_device(cast.participant, "x", time.now).id for _ in range(2))
        other = actions.add_device(cast.other, "x", time.now).id
    with writing():
        actions.end_devices(cast.participant, time.now, keep=here)
    ended = {device.id: device.ended_at for device in db.session.query(Device)}
    assert ended == {here: None, there: START, other: None}


def test_a_shown_code_is_confirmed_once_for_one_person(cast: Cast, time: Time) -> None:
    with writing():
        digits = actions.show_code("secret", time.now)
    assert len(digits) == 8
    assert digits.isdecimal()
    with writing():
        assert not actions.confirm_shown_code("00000000", cast.participant, cast.trainer, time.now)
        assert actions.confirm_shown_code(f"{digits[:4]} {digits[4:]}", cast.participant, cast.trainer, time.now)
        assert not actions.confirm_shown_code(digits, cast.other, cast.trainer, time.now)
    code = db.session.query(OneTimeCode).one()
    assert (code.person_id, code.by_id, code.used_at) == (cast.participant, cast.trainer, None)
    assert [action for _, action, _ in audited()] == ["kode tunjuk dikonfirmasi"]


def test_a_shown_code_of_before_is_confirmed_by_nobody(cast: Cast, time: Time) -> None:
    with writing():
        digits = actions.show_code("secret", time.now)
    time.forward(minutes=15, seconds=1)
    with writing():
        assert not actions.confirm_shown_code(digits, cast.participant, cast.trainer, time.now)


def test_one_help_code_at_a_time_and_old_ones_are_swept_away(cast: Cast, time: Time) -> None:
    with writing():
        first = actions.new_help_code(cast.participant, cast.trainer, time.now)
        second = actions.new_help_code(cast.participant, cast.trainer, time.now)
    assert first != second
    assert db.session.query(OneTimeCode).one().hash == digits_hash("bantu", second)
    time.forward(days=2)
    with writing():
        actions.new_help_code(cast.other, cast.trainer, time.now)
    assert db.session.query(OneTimeCode).one().person_id == cast.other


def test_only_who_is_no_staff_may_be_helped(cast: Cast) -> None:
    with writing():
        db.session.get_one(Person, cast.stranger).login = "wati"
    helped = [who for who in vars(cast) if not who.endswith("bimtek") and may_be_helped(getattr(cast, who))]
    assert helped == ["participant", "other"]
