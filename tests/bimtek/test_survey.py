"""The page of a participant: open while it is open, sent once, nothing typed is lost, nobody else sees it."""

import re

from lms.bimtek import actions, queries
from lms.db.engine import db, writing
from lms.db.tables import Cohort, Membership, SurveyResponse, SurveyTicket
from tests.bimtek.conftest import ANSWERS, PAGE, Event, add_meeting
from tests.conftest import Client, add_member, sign_in


def kept() -> list[dict[str, object]]:
    db.session.rollback()
    return [row.answers for row in db.session.query(SurveyResponse)]


def test_it_waits_until_the_trainer_opens_it(event: Event) -> None:
    mine = event.browser(event.cast.participant)
    assert "Survei belum dibuka" in mine.page(PAGE)
    assert mine.send(PAGE, **ANSWERS).status_code == 409
    assert kept() == []


def test_it_names_the_speakers_of_the_day_and_says_what_anonymous_means(opened: Event) -> None:
    add_meeting(opened.cast.bimtek, "Retno Wulandari", "Etika", hour=3)
    add_meeting(opened.cast.bimtek, "Retno Wulandari", "Rujukan", hour=5)
    add_meeting(opened.cast.bimtek, "Tidak Jadi", hour=6, cancelled=True)
    add_meeting(opened.cast.other_bimtek, "Orang Lain")
    text = opened.browser(opened.cast.participant).page(PAGE)
    assert text.index("Narasumber: Drs. Wiyono") < text.index("Narasumber: Retno Wulandari")
    assert "Etika; Rujukan" in text
    assert "Tidak Jadi" not in text
    assert "Orang Lain" not in text
    for words in ("tanpa nama dan tanpa jam", "kurang dari lima orang", "salinan cadangan"):
        assert words in text
    assert text.count('type="radio"') == 4 * (10 + 8 + 8 + 4 + 2)


def test_sent_it_is_kept_once_and_can_not_be_sent_or_read_again(opened: Event) -> None:
    mine = opened.browser(opened.cast.participant)
    response = mine.send(PAGE, **ANSWERS)
    assert (response.status_code, response.location) == (303, PAGE)
    text = mine.page(PAGE)
    assert "sudah terkirim, tanpa nama" in text
    assert "Lebih banyak contoh" not in text
    assert mine.send(PAGE, **{**ANSWERS, "acara-undangan": "1"}).status_code == 303
    assert kept() == [{"acara-undangan": 4, "acara-aplikasi": 3, "tulis-saran": "Lebih banyak contoh"}]


def test_what_was_typed_comes_back_with_what_to_mend(opened: Event) -> None:
    mine = opened.browser(opened.cast.participant)
    response = mine.send(PAGE, **{**ANSWERS, "tulis-sulit": "Bu Sari 3312010101900001"})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "nomor KTP" in text
    assert "Lebih banyak contoh</textarea>" in text
    assert 'name="acara-undangan" value="4" checked' in text
    assert kept() == []
    assert "Belum ada yang diisi" in mine.send(PAGE).get_data(as_text=True)


def test_what_was_left_out_is_sent_only_when_that_is_meant(opened: Event) -> None:
    mine = opened.browser(opened.cast.participant)
    some = {name: value for name, value in ANSWERS.items() if name != "cukup"}
    response = mine.send(PAGE, **some)
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "masih ada <b>22 pertanyaan</b> yang kosong" in text
    assert 'href="#acara-materi"' in text
    assert text.count('<span class="tag">kosong</span>') == 22
    assert "Lebih banyak contoh</textarea>" in text
    assert kept() == []
    everything = dict.fromkeys(set(re.findall('type="radio" name="([^"]+)"', text)), "3")
    assert mine.send(PAGE, **everything).status_code == 303
    assert len(kept()[0]) == 24


def test_closed_it_takes_nothing_more(opened: Event) -> None:
    mine = opened.browser(opened.cast.participant)
    opened.close()
    response = mine.send(PAGE, **ANSWERS)
    assert response.status_code == 409
    assert "Survei sudah ditutup" in response.get_data(as_text=True)
    assert kept() == []


def test_a_closed_cohort_says_so(opened: Event) -> None:
    mine = opened.browser(opened.cast.participant)
    with writing():
        db.session.get_one(Cohort, opened.cast.bimtek).closed_at = opened.time.now
    response = mine.send(PAGE, **ANSWERS)
    assert response.status_code == 409
    assert "Bimtek ini sudah ditutup" in response.get_data(as_text=True)
    assert "Survei sudah ditutup" in mine.page(PAGE)
    assert kept() == []


def test_it_is_for_the_cohorts_participants_only(opened: Event, client: Client) -> None:
    assert client.get(PAGE).status_code == 303
    for person in (opened.cast.other, opened.cast.trainer, opened.cast.admin, opened.cast.stranger):
        assert opened.browser(person).get(PAGE).status_code == 404
        assert opened.browser(person).send(PAGE, **ANSWERS).status_code == 404
    with writing():
        member = db.session.query(Membership).filter_by(person_id=opened.cast.participant, cohort_id=opened.cast.bimtek)
        member.one().left_at = opened.time.now
    assert opened.browser(opened.cast.participant).get(PAGE).status_code == 404


def test_a_trainer_who_tries_it_counts_nowhere(opened: Event) -> None:
    add_member(opened.cast.trainer, opened.cast.bimtek)
    mine = opened.browser(opened.cast.trainer)
    assert "Anda pelatih yang mencoba" in mine.page(PAGE)
    assert mine.send(PAGE, **ANSWERS).status_code == 303
    assert kept() == []
    assert db.session.query(SurveyTicket).count() == 0


def test_one_person_found_twice_sends_it_once(opened: Event) -> None:
    first, second = opened.participants(2)
    opened.answer([second])
    with writing():
        db.session.get_one(Membership, second).absorbed_by_id = first
    assert queries.has_sent(first)
    with writing():
        assert actions.send_survey(opened.cast.bimtek, first, {"acara-undangan": 1}, opened.time.now)
    assert len(kept()) == 1


def test_hostile_fields_get_an_answer(opened: Event) -> None:
    mine = sign_in(opened.client, opened.cast.participant)
    for value in ("\0", "9" * 400, "٤", "a\r\nb", "💥"):
        response = mine.send(PAGE, **{"acara-undangan": value, "tulis-saran": value, "cukup": value})
        assert response.status_code in (303, 422)
    assert mine.get("/survei/%00").status_code == 404
