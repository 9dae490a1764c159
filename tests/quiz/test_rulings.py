"""Rulings: what would change is shown first, then all are graded again by appending."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from lms.course.drawing import Sheet
from lms.course.folder import read_folder
from lms.course.grading import Grade
from lms.course.load import edition_view
from lms.course.questions.base import Question
from lms.course.questions.choice import SingleChoice
from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Certificate, CertificateEvent, Cohort, Grading, Ruling, SigningKey
from lms.quiz import queries as quizzes
from lms.quiz import ruling_queries as queries
from lms.quiz import ruling_views as views
from tests.conftest import COURSE, SLUG, START, Cast, Client, Time, membership_of, publish_course, sign_in
from tests.scene import right_answer


@pytest.fixture
def desk(browser: Callable[[], Client], cast: Cast) -> Client:
    return sign_in(browser(), cast.trainer)


@pytest.fixture
def learner(browser: Callable[[], Client], cast: Cast) -> Client:
    return sign_in(browser(), cast.participant)


def try_quiz(client: Client, person_id: int, wrong: Callable[[Question], bool], ke: int = 1) -> str:
    """Send the quiz of the first lesson, with these questions answered wrongly; the attempt's id."""
    way = client.send(f"/mulai-kuis/{SLUG}/dasar/satu", ke=str(ke)).location
    attempt_id: str = way.rpartition("/")[2]
    found = quizzes.attempt_of(person_id, attempt_id)
    assert found is not None
    questions = quizzes.questions_of(found)
    fields: dict[str, object] = {}
    for number, item in enumerate(found.sheet.items, 1):
        asked = questions[item.hash]
        fields[f"q{number}"] = [wrong_key(asked)] if wrong(asked) else list(right_answer(asked))
    client.send(f"/kuis/{attempt_id}", form_id="f" * 16, counter="1", aksi="pasti", **fields)
    return attempt_id


def wrong_key(asked: Question) -> str:
    assert isinstance(asked, SingleChoice)
    return next(option.key for option in asked.options if not option.right)


@pytest.fixture
def asked(app: object) -> SingleChoice:
    """A single-choice question that every attempt at the first lesson's quiz asks."""
    view = edition_view(1, SLUG)
    found = [
        question
        for place in queries.places(view)
        for question in place.questions
        if place.path == "dasar/satu.md" and type(question) is SingleChoice
    ]
    return found[0]


def a_certificate(person_id: int) -> str:
    """A certificate of this person, inside the caller's write; only its row matters here."""
    db.session.add(SigningKey(id="k", public=b"x", created_at=START))
    db.session.flush()
    row = Certificate(
        id="c1",
        token="t1",
        short_code="1" * 12,
        membership_id=membership_of(person_id).id,
        edition_id=1,
        sample=False,
        year=2026,
        sequence=1,
        payload=b"",
        signature=b"",
        key_id="k",
        issued_at=START,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def attempt_at(quiz: str, *, trial: bool = False) -> quizzes.AttemptFacts:
    return quizzes.AttemptFacts("a", None, 1, 1, quiz, 1, trial, Sheet(70, ()), START, None, START, "R", 1, SLUG)


def scores(attempt_id: str) -> list[tuple[int, str]]:
    db.session.rollback()
    rows = db.session.query(Grading).filter_by(attempt_id=attempt_id).order_by(Grading.id)
    return [(row.right, row.reason) for row in rows]


def form(asked: Question, kind: str, *values: str) -> dict[str, object]:
    return {"putusan": kind, "jawaban": list(values), "alasan": "Aturannya berubah"}


def test_a_question_is_voided_for_all_who_were_asked_it(
    learner: Client, desk: Client, cast: Cast, asked: SingleChoice
) -> None:
    attempt_id = try_quiz(learner, cast.participant, lambda question: question.hash == asked.hash)
    before = scores(attempt_id)
    way = f"/pelatih/B1MTEK/soal/{asked.hash}"
    page = desk.send(f"{way}/lihat", **form(asked, "batal")).get_data(as_text=True)
    assert ("1 percobaan" in page, "Siti Aminah" in page) == (True, True)
    assert scores(attempt_id) == before
    assert "di luar angkatan Anda" not in page
    assert db.session.query(Ruling).count() == 0
    assert "Putusan tersimpan" not in desk.page(f"{way}?tetap=1")
    for _ in range(2):
        assert desk.send(way, **form(asked, "batal")).status_code == 303
    assert scores(attempt_id) == [*before, (before[0][0] + 1, "putusan")]
    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.reason) == ("putusan soal: batal", "Aturannya berubah")
    assert "Dibatalkan, 24 November" in desk.page(way)
    assert "Putusan tersimpan. Semua nilai" in desk.page(f"{way}?tetap=1")


def test_another_answer_is_accepted_beside_the_key(
    learner: Client, desk: Client, cast: Cast, asked: SingleChoice
) -> None:
    wrong = try_quiz(learner, cast.participant, lambda question: question.hash == asked.hash)
    right = try_quiz(learner, cast.participant, lambda question: False, ke=2)
    desk.send(f"/pelatih/B1MTEK/soal/{asked.hash}", **form(asked, "terima", wrong_key(asked)))
    assert scores(wrong)[-1][0] == scores(right)[-1][0]
    assert scores(right)[0][0] == scores(right)[-1][0]


def test_a_new_key_holds_instead_and_certificates_that_rest_on_it_are_listed(
    learner: Client, desk: Client, cast: Cast, asked: SingleChoice
) -> None:
    attempt_id = try_quiz(learner, cast.participant, lambda question: False)
    new_key = form(asked, "kunci", wrong_key(asked))
    way = f"/pelatih/B1MTEK/soal/{asked.hash}"
    assert "bersandar" not in desk.send(f"{way}/lihat", **new_key).get_data(as_text=True)
    desk.send(way, **new_key)
    gradings = scores(attempt_id)
    assert gradings[-1][0] == gradings[0][0] - 1


def test_the_preview_says_exactly_what_then_happens(
    learner: Client, desk: Client, cast: Cast, asked: SingleChoice, time: Time
) -> None:
    for ke, wrong in enumerate((True, False), 1):
        try_quiz(learner, cast.participant, lambda question, wrong=wrong: wrong and question.hash == asked.hash, ke)
    for kind, values in (("kunci", (wrong_key(asked),)), ("terima", asked.key), ("batal", ())):
        planned = quizzes.RulingFact(asked.hash, kind, values)  # type: ignore[arg-type] # One of the three kinds.
        time.forward(seconds=1)
        db.session.rollback()
        foreseen = {change.attempt.id: change.after.score for change in queries.changes(1, planned, cast.trainer)}
        desk.send(f"/pelatih/B1MTEK/soal/{asked.hash}", **form(asked, kind, *values))
        db.session.rollback()
        now_worth = {
            attempt_id: quizzes.score_of(row.right, row.asked)
            for attempt_id in foreseen
            if (row := quizzes.newest_grading(attempt_id))
        }
        assert now_worth == foreseen
        assert len(foreseen) == 2


def test_names_of_other_cohorts_are_not_told(
    browser: Callable[[], Client], desk: Client, cast: Cast, asked: SingleChoice
) -> None:
    other = sign_in(browser(), cast.other)
    try_quiz(other, cast.other, lambda question: question.hash == asked.hash)
    page = desk.send(f"/pelatih/B1MTEK/soal/{asked.hash}/lihat", **form(asked, "batal")).get_data(as_text=True)
    assert "1 percobaan peserta angkatan lain" in page
    assert "hanya di luar angkatan Anda. Beri tahu" in page
    assert "Budi Santoso" not in page


@pytest.mark.parametrize(
    ("quiz", "passed_after", "touches"),
    [
        ("tes:awal", False, False),
        ("tes:akhir", True, True),
        ("tes:akhir", False, True),
        ("dasar/satu", True, False),
        ("dasar/satu", False, True),
    ],
)
def test_certificates_rest_on_the_post_test_and_on_passed_quizzes(quiz: str, passed_after: bool, touches: bool) -> None:
    change = queries.GradeChange(attempt_at(quiz), 1, "Siti", Grade(9, 10, True, ()), Grade(8, 10, passed_after, ()))
    assert change.touches_certificates is touches
    assert not replace(change, attempt=attempt_at(quiz, trial=True)).touches_certificates


def test_only_certificates_that_still_stand_are_listed(app: object, cast: Cast) -> None:
    with writing():
        certificate_id = a_certificate(cast.participant)
    grades = Grade(9, 10, True, ()), Grade(6, 10, False, ())
    lost = queries.GradeChange(attempt_at("tes:akhir"), cast.participant, "Siti", *grades)
    assert queries.certificates_resting_on(1, [lost]) == [(certificate_id, "Siti")]
    assert queries.certificates_resting_on(1, [replace(lost, attempt=attempt_at("tes:awal"))]) == []
    with writing():
        db.session.add(CertificateEvent(certificate_id=certificate_id, kind="revoked", at=START))
    assert queries.certificates_resting_on(1, [lost]) == []


@pytest.mark.parametrize(
    ("sent", "told", "at"),
    [
        ({}, "Pilih dulu", "putusan"),
        ({"putusan": "hapus", "alasan": "x"}, "Pilih dulu", "putusan"),
        ({"putusan": "batal"}, "alasannya", "alasan"),
        ({"putusan": "batal", "alasan": "  "}, "alasannya", "alasan"),
        ({"putusan": "kunci", "alasan": "x"}, "Pilih jawaban", "jawaban"),
        ({"putusan": "kunci", "alasan": "x", "jawaban": "zzz"}, "Pilih jawaban", "jawaban"),
    ],
)
def test_a_ruling_that_is_not_whole_is_refused(
    desk: Client, asked: SingleChoice, sent: dict[str, str], told: str, at: str
) -> None:
    way = f"/pelatih/B1MTEK/soal/{asked.hash}"
    for page in (way, f"{way}/lihat"):
        answer = desk.send(page, **sent)
        text = answer.get_data(as_text=True)
        assert (answer.status_code, told in text) == (422, True)
        marked = re.findall("<input[^>]* autofocus[^>]*>", text)
        assert [f'name="{at}"' in each and 'aria-invalid="true"' in each for each in marked] == [True]
        assert text.count(" novalidate") == 1, "the browser's own bubble would come first, in its own words"
    assert db.session.query(Ruling).count() == 0


def test_what_is_left_after_two_seconds_waits_for_the_next_press(
    learner: Client, desk: Client, cast: Cast, asked: SingleChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt_id = try_quiz(learner, cast.participant, lambda question: False)
    monkeypatch.setattr(views, "WORKS_SECONDS", -1.0)
    way = f"/pelatih/B1MTEK/soal/{asked.hash}"
    desk.send(way, **form(asked, "batal"))
    assert [reason for _, reason in scores(attempt_id)] == ["kirim"]
    assert "Lanjutkan penilaian ulang" in desk.page(way)
    monkeypatch.setattr(views, "WORKS_SECONDS", 2.0)
    desk.send(f"{way}/nilai-ulang")
    assert [reason for _, reason in scores(attempt_id)] == ["kirim", "putusan"]
    assert "Lanjutkan penilaian ulang" not in desk.page(way)


def test_an_unknown_question_and_another_s_cohort_are_404(desk: Client, asked: SingleChoice) -> None:
    assert desk.get("/pelatih/B1MTEK/soal/" + "0" * 64).status_code == 404
    assert desk.get(f"/pelatih/B2MTEK/soal/{asked.hash}").status_code == 404
    assert "soal)" in desk.page("/pelatih/B1MTEK/soal")


def test_a_question_is_found_by_its_title_text_or_choices(desk: Client, asked: SingleChoice) -> None:
    way = "/pelatih/B1MTEK/soal"
    everything = desk.page(way).count(f'href="{way}/')
    for words in (asked.title.upper(), asked.options[0].text, f"{asked.title.split()[-1]} {asked.options[1].text}"):
        text = desk.page(f"{way}?{urlencode({'cari': words})}")
        assert f"{way}/{asked.hash}" in text
        assert text.count(f'href="{way}/') <= everything
        assert '<details class="card" open>' in text
    text = desk.page(f"{way}?cari=tidakadakataini")
    assert "Tidak ada soal yang memuat “tidakadakataini”" in text
    assert f'href="{way}/' not in text
    assert desk.get(f"{way}?cari=%00%F0%9F").status_code == 200


def test_a_question_that_was_mended_meanwhile_is_still_ruled_on(
    learner: Client, desk: Client, cast: Cast, asked: SingleChoice
) -> None:
    attempt_id = try_quiz(learner, cast.participant, lambda question: question.hash == asked.hash)
    files = read_folder(COURSE)
    files["dasar/satu.md"] = files["dasar/satu.md"].replace(b"### Ibu kota kabupaten?", b"### Apa ibu kotanya?")
    edition_id = publish_course(SLUG, files)
    way = f"/pelatih/B1MTEK/soal/{asked.hash}"
    assert "Dari terbitan lain" not in desk.page("/pelatih/B1MTEK/soal")
    with writing():
        db.session.get_one(Cohort, cast.bimtek).edition_id = edition_id
    listed = desk.page("/pelatih/B1MTEK/soal").partition("Dari terbitan lain")[2]
    assert (listed.count("<li>"), f'href="{way}"' in listed, "terbitan 1, 1 soal" in listed) == (1, True, True)
    assert f'href="{way}"' in desk.page("/pelatih/B1MTEK/soal?cari=kabupaten")
    assert "Pelajaran satu, terbitan 1" in desk.page(way)
    assert "1 percobaan" in desk.send(f"{way}/lihat", **form(asked, "batal")).get_data(as_text=True)
    desk.send(way, **form(asked, "batal"))
    assert [reason for _, reason in scores(attempt_id)] == ["kirim", "putusan"]


def test_a_wrong_ruling_is_withdrawn_with_the_same_preview_and_by_appending(
    learner: Client, desk: Client, cast: Cast, asked: SingleChoice, time: Time
) -> None:
    attempt_id = try_quiz(learner, cast.participant, lambda question: question.hash == asked.hash)
    way, ((right, _),) = f"/pelatih/B1MTEK/soal/{asked.hash}", scores(attempt_id)
    desk.send(way, **form(asked, "batal"))
    time.forward(seconds=1)
    number = db.session.query(Ruling.id).scalar()
    assert f'value="dicabut-{number}"' in desk.page(way)
    page = desk.send(f"{way}/lihat", **form(asked, f"dicabut-{number}")).get_data(as_text=True)
    assert "Putusan dicabut: apa yang berubah?" in page
    assert "Siti Aminah" in page
    assert f'name="putusan" value="dicabut-{number}"' in page
    assert [score for score, _ in scores(attempt_id)] == [right, right + 1]
    for _ in range(2):
        assert desk.send(way, **form(asked, f"dicabut-{number}")).status_code == 303
    assert [score for score, _ in scores(attempt_id)] == [right, right + 1, right]
    assert [row.kind for row in db.session.query(Ruling).order_by(Ruling.id)] == ["batal", "dicabut"]
    text = desk.page(way)
    assert "sudah dicabut" in text
    assert f'value="dicabut-{number}"' not in text
    assert [entry.action for entry in db.session.query(AuditEntry)] == ["putusan soal: batal", "putusan soal: dicabut"]


def test_only_a_ruling_on_this_very_question_is_withdrawn(desk: Client, asked: SingleChoice) -> None:
    other = next(each for place in queries.places(edition_view(1, SLUG)) for each in place.questions if each != asked)
    desk.send(f"/pelatih/B1MTEK/soal/{other.hash}", **form(other, "batal"))
    number = db.session.query(Ruling.id).scalar()
    for wrong in (f"dicabut-{number}", "dicabut-", "dicabut", "dicabut-x", f"batal-{number}"):
        assert desk.send(f"/pelatih/B1MTEK/soal/{asked.hash}", **form(asked, wrong)).status_code == 422
    assert db.session.query(Ruling).count() == 1
