"""Everybody of a cohort: progress, what is missing, doubles; found, sorted, a page at a time."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from lms.cohort import desk_queries as queries
from lms.db.engine import db, writing
from lms.db.tables import Cohort, Course, Enrolment, Membership, Person, Reading
from lms.web.clock import now
from tests.bimtek.hall import add_meeting
from tests.cohort.crowd import facts_of
from tests.conftest import SLUG, START, Cast, Client, Time, add_member, add_person, publish_course, sign_in
from tests.learn.test_queries_count import counted
from tests.quiz.exam_course import exam_files
from tests.quiz.sitting import ONE, TWO, sit
from tests.quiz.test_posttest import POST
from tests.scene import Scene

PAGE = "/pelatih/B1MTEK"
PRACIMANTORO, OTHER = "33.12.01.2001", "33.12.02.2001"


@pytest.fixture
def trainer(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.trainer)


def new_member(cast: Cast, name: str, *, region: str = PRACIMANTORO, phone: str = "") -> int:
    """Somebody in the bimtek; the membership."""
    person_id = add_person(name)
    with writing():
        person = db.session.get_one(Person, person_id)
        person.region, person.phone = region, phone
    return add_member(person_id, cast.bimtek)


def finish(membership_id: int, *lessons: str) -> None:
    with writing():
        person_id = db.session.get_one(Membership, membership_id).person_id
        enrolment = db.session.query(Enrolment).filter_by(person_id=person_id).one()
        for lesson in lessons:
            db.session.add(Reading(enrolment_id=enrolment.id, lesson=lesson, edition_id=1, at=now()))


def names(text: str) -> list[str]:
    return re.findall(r'<td><a href="/pelatih/B1MTEK/anggota/\d+">([^<]*)</a>', text)


def test_a_person_with_village_progress_bests_activity_and_what_is_missing(scene: Scene) -> None:
    text = scene.browser("trainer").page(PAGE)
    assert names(text) == ["Siti Aminah"]
    assert re.search(r"(Desa|Kelurahan) \w+, Kecamatan Pracimantoro", text)
    assert "<b>2/2</b>" in text
    assert "kuis 100" in text
    assert "2 dari 2 kuis lulus" in text
    assert "Tes awal 100" in text
    assert "Tes akhir 100" in text
    assert "24 November 2026" in text
    assert "siap sertifikat" in text, "the certificate of self-study is none of this cohort"


def test_nobody_who_tries_left_or_is_in_another_cohort(trainer: Client, cast: Cast) -> None:
    add_member(cast.trainer, cast.bimtek)
    gone = new_member(cast, "Wagiyem")
    assert names(trainer.page(PAGE)) == ["Siti Aminah", "Wagiyem"]
    with writing():
        db.session.get_one(Membership, gone).left_at = now()
    assert names(trainer.page(PAGE)) == ["Siti Aminah"]
    text = trainer.page(f"{PAGE}?saring=keluar")
    assert names(text) == ["Wagiyem"]
    assert "keluar 24 November 2026" in text


def search(trainer: Client, words: str, **asked: str) -> TestResponse:
    """The page that looking for these words leads to."""
    answer = trainer.send(PAGE, cari=words, **asked)
    assert answer.status_code == 303
    return trainer.get(answer.location)


def test_an_empty_cohort_says_what_to_do(trainer: Client, cast: Cast) -> None:
    with writing():
        db.session.query(Membership).filter_by(role="peserta", cohort_id=cast.bimtek).delete()
    text = trainer.page(PAGE)
    assert "Belum ada peserta. Masukkan daftarnya dari Excel" in text
    assert main_action(text) == "/acara/pertemuan"
    add_meeting(cast.bimtek, 24)
    assert main_action(trainer.page(PAGE)) == "/impor"
    assert 'name="cari"' not in text, "there is nobody to look for"
    assert "Tidak ada yang cocok" in search(trainer, "zzz").get_data(as_text=True)
    assert "Belum ada peserta" in trainer.page("/pelatih")


def main_action(text: str) -> str:
    return text.rpartition('<div class="next"><a class="btn" href="/pelatih/B1MTEK')[2].partition('"')[0]


def test_before_its_first_day_a_bimtek_invites_and_then_asks_who_is_stuck(
    trainer: Client, cast: Cast, time: Time
) -> None:
    add_meeting(cast.bimtek, 24)
    assert main_action(trainer.page(PAGE)) == "?saring=macet"
    time.now = START - timedelta(days=3)
    text = trainer.page(PAGE)
    assert main_action(text) == "/undangan"
    assert 'href="/pelatih/B1MTEK?saring=macet">Siapa yang macet</a>' in text, "still one tap away"


def test_found_by_name_village_and_kecamatan(trainer: Client, cast: Cast) -> None:
    new_member(cast, "Wagiyem Ásih", region=OTHER)
    new_member(cast, "100% Joko_O'Neil", region=OTHER)
    for words, found in {
        "siti": ["Siti Aminah"],
        "AMINAH praci": ["Siti Aminah"],
        "giritontro": ["100% Joko_O&#39;Neil", "Wagiyem Ásih"],
        "giritontro wagi": ["Wagiyem Ásih"],
        "o'neil": ["100% Joko_O&#39;Neil"],
        "%": ["100% Joko_O&#39;Neil"],
        "_": ["100% Joko_O&#39;Neil"],
        "tidak ada orangnya": [],
    }.items():
        assert names(search(trainer, words).get_data(as_text=True)) == found, words


def test_what_is_looked_for_stands_in_no_address(trainer: Client, cast: Cast) -> None:
    crowd(cast, 60)
    found = search(trainer, "orang 000", urut="desa")
    assert found.request.query_string == b"saring=&urut=desa&dicari=ya"
    text = found.get_data(as_text=True)
    assert 'value="orang 000"' in text
    addresses = re.findall(r'(?:href|action)="([^"]*)"', text)
    assert any("dicari=ya" in address for address in addresses)
    assert not any("orang" in address for address in addresses)
    assert "61 peserta" in trainer.page(PAGE)  # Without the word in the address everybody is meant.
    assert trainer.send(PAGE, cari=" ").location == f"{PAGE}?saring=&urut=nama"
    assert "61 peserta" in trainer.page(f"{PAGE}?dicari=ya")


def test_what_was_looked_for_goes_when_one_signs_out(trainer: Client) -> None:
    search(trainer, "siti")
    trainer.send("/keluar")
    with trainer.session_transaction(base_url="https://sinau.test") as held:
        assert "cari" not in held


def test_filters(trainer: Client, cast: Cast, time: Time) -> None:
    begun, ready = new_member(cast, "Wagiyem"), new_member(cast, "Tumini")
    finish(begun, ONE)
    finish(ready, ONE, TWO)
    assert names(trainer.page(f"{PAGE}?saring=belum")) == ["Siti Aminah"]
    assert names(trainer.page(f"{PAGE}?saring=macet")) == []
    time.forward(days=8)
    text = trainer.page(f"{PAGE}?saring=macet")
    assert re.findall(r'id="nama-\d+"><a[^>]*>([^<]+)<', text) == ["Siti Aminah", "Tumini", "Wagiyem"]
    assert "macet 8 hari" in text
    assert names(trainer.page(f"{PAGE}?saring=siap")) == []
    for value in ("apa-saja", "%00", "' or 1=1"):
        assert len(names(trainer.page(f"{PAGE}?saring={value}"))) == 3


def test_an_answer_saved_in_an_open_quiz_is_activity(trainer: Client, cast: Cast, time: Time, browser: object) -> None:
    learner = sign_in(trainer.application.test_client(), cast.participant)  # type: ignore[arg-type] # Ours, as set by the fixture.
    sitting = sit(learner, ONE)
    time.forward(days=8)
    held = facts_of(cast.bimtek)
    _, place = queries.find(held, queries.Wanted(only="macet"), now())
    assert place.count == 1
    sitting.save(sitting.entry(1, sitting.right(1)))
    assert queries.find(held, queries.Wanted(only="macet"), now())[1].count == 0
    (line,) = queries.lines(held, queries.everybody(held))
    assert now() - line.who.since < timedelta(minutes=1)


def test_a_posttest_is_activity_too(trainer: Client, cast: Cast, time: Time) -> None:
    publish_course(SLUG, exam_files())
    with writing():
        held = db.session.get_one(Cohort, cast.bimtek)
        held.edition_id = db.session.query(Course).one().current_edition_id
    time.forward(days=8)
    learner = sign_in(trainer.application.test_client(), cast.participant)  # type: ignore[arg-type] # Ours, as above.
    assert learner.send(POST, ke=1).status_code == 303
    assert names(trainer.page(f"{PAGE}?saring=macet")) == []


def test_sorted_by_name_village_activity_and_progress(trainer: Client, cast: Cast, time: Time) -> None:
    time.forward(hours=1)
    new_member(cast, "agus", region=OTHER)
    time.forward(hours=1)
    finish(new_member(cast, "Zaenab"), ONE)
    assert names(trainer.page(PAGE)) == ["agus", "Siti Aminah", "Zaenab"]
    assert names(trainer.page(f"{PAGE}?urut=desa")) == ["Siti Aminah", "Zaenab", "agus"]
    # Whose village is not known stands first, on either database.
    assert any("ORDER BY person.region NULLS FIRST" in sent for sent in counted(trainer, f"{PAGE}?urut=desa"))
    assert names(trainer.page(f"{PAGE}?urut=aktif")) == ["Zaenab", "agus", "Siti Aminah"]
    assert names(trainer.page(f"{PAGE}?urut=kemajuan")) == ["Zaenab", "agus", "Siti Aminah"]
    assert names(trainer.page(f"{PAGE}?urut=lama")) == ["Siti Aminah", "agus", "Zaenab"]
    assert names(trainer.page(f"{PAGE}?urut=apa-saja")) == names(trainer.page(PAGE))


def crowd(cast: Cast, count: int) -> None:
    moment = now()
    with writing():
        people = [Person(name=f"Orang {number:05}", region=PRACIMANTORO, created_at=moment) for number in range(count)]
        db.session.add_all(people)
        db.session.flush()
        course_id = db.session.query(Course.id).scalar()
        for person in people:
            db.session.add(Enrolment(person_id=person.id, course_id=course_id, created_at=moment))
            db.session.add(Membership(person_id=person.id, cohort_id=cast.bimtek, role="peserta", joined_at=moment))


def test_a_page_holds_fifty_and_leads_on(trainer: Client, cast: Cast) -> None:
    crowd(cast, 120)
    first = search(trainer, "orang", urut="aktif").get_data(as_text=True)
    assert "120 orang" in first
    assert "Halaman 1 dari 3" in first
    assert len(names(first)) == 50
    forward = re.search(r'href="([^"]+)" rel="next"', first)
    assert forward
    second = trainer.page(forward[1].replace("&amp;", "&"))
    assert "Halaman 2 dari 3" in second
    assert 'value="orang"' in second
    seen = {*names(first), *names(second)}
    assert len(seen) == 100
    for page in ("3", "4", "999999", "99999999999999999999999"):
        seen |= set(names(trainer.get(f"{PAGE}?dicari=ya&urut=aktif&hal={page}").get_data(as_text=True)))
    assert len(seen) == 120
    for page in ("0", "-1", "x", "%00", "1.5", "²"):
        assert "Halaman 1 dari 3" in trainer.page(f"{PAGE}?hal={page}")


@pytest.mark.walk
@pytest.mark.parametrize("question", ["", "?saring=macet", "?saring=siap", "?urut=kemajuan", "?urut=aktif&dicari=ya"])
def test_the_page_costs_the_same_for_few_and_for_many(trainer: Client, cast: Cast, question: str) -> None:
    trainer.lint = False
    crowd(cast, 1)
    search(trainer, "orang")
    few = len(counted(trainer, PAGE + question))
    crowd(cast, 400)
    assert len(counted(trainer, PAGE + question)) <= few <= (14 if question else 20)


def test_a_long_list_is_folded_by_kecamatan_or_behind_its_first(trainer: Client, cast: Cast) -> None:
    for number in range(14):
        new_member(cast, f"Orang {number:02}", region=OTHER if number % 2 else PRACIMANTORO)
    text = trainer.page(f"{PAGE}?urut=desa")
    assert re.findall(r"<summary>([^<]+ \(\d+\))</summary>", text) == ["Giritontro (7)", "Pracimantoro (8)"]
    text = trainer.page(f"{PAGE}?urut=aktif")
    first, _, rest = text.partition("<summary>3 orang lagi</summary>")
    assert (len(names(first)), len(names(rest))) == (12, 3)
    few = trainer.page(f"{PAGE}?saring=siap")
    assert "orang lagi" not in few


def test_likely_doubles_are_marked_on_both(trainer: Client, cast: Cast) -> None:
    twin = new_member(cast, "SITI  Aminah.", region=PRACIMANTORO)
    new_member(cast, "Siti Aminah", region=OTHER)
    new_member(cast, "Tumini Lestari", phone="081234567890")
    shorter = new_member(cast, "Tumini", region=OTHER, phone="081234567890")
    new_member(cast, "Paijo", phone="081234567890")
    text = trainer.page(PAGE)
    marks = re.findall(r'Mungkin orang yang sama: <a href="/pelatih/B1MTEK/ganda/\d+/(\d+)">([^<]+)</a>', text)
    assert len(marks) == 4
    assert (str(twin), "SITI  Aminah.") in marks
    assert (str(shorter), "Tumini") in marks
    assert not any(name == "Paijo" for _, name in marks)
    assert "081234567890" not in text
    assert len(re.findall("Mungkin orang yang sama", search(trainer, "tumini").get_data(as_text=True))) == 2


def test_who_was_absorbed_is_no_line_and_gives_what_they_learned(trainer: Client, cast: Cast) -> None:
    one, other = new_member(cast, "Wagiyem"), new_member(cast, "Wagiyem S.")
    finish(one, ONE)
    finish(other, TWO)
    with writing():
        first, second = (db.session.get_one(Membership, each) for each in (one, other))
        kept, gone = (
            db.session.query(Enrolment).filter_by(person_id=member.person_id).one() for member in (first, second)
        )
        second.absorbed_by_id, gone.absorbed_by_id = one, kept.id
    assert names(trainer.page(PAGE)) == ["Siti Aminah", "Wagiyem"]
    held = facts_of(cast.bimtek)
    (weighed,) = queries.everyone([held], Membership.id == one)
    assert weighed.lessons == 2
