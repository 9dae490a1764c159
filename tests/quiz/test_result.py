"""The result: what was right and why, told to its owner after grading and to nobody before."""

import re

from lms.db.engine import db
from lms.db.tables import Attempt
from tests.conftest import SLUG, Cast, Client, sign_in
from tests.quiz.sitting import ONE, TWO, sit

SECRETS = ("UMPAN-", "PENJELASAN-RAHASIA", "enam puluh", "Bayam itu sayur", "Benar, buah")


def told(text: str) -> list[str]:
    """What of the key, feedback and explanations a page gives away."""
    return [secret for secret in SECRETS if secret in text] + re.findall(r"data-right|data-key", text)


def test_the_key_is_in_nothing_before_grading(learner: Client) -> None:
    for lesson in (ONE, TWO):
        sitting = sit(learner, lesson)
        pages = [
            learner.page(f"/mulai-kuis/{SLUG}/{lesson}"),
            sitting.look(),
            learner.page(f"/kuis/{sitting.id}/periksa"),
            sitting.save(sitting.entry(1, sitting.right(1))).get_data(as_text=True),
            sitting.send("simpan", {1: sitting.wrong(1)}).get_data(as_text=True),
            learner.get(f"/kuis/{sitting.id}/hasil").get_data(as_text=True),
            learner.page(f"/belajar/{SLUG}"),
            learner.page("/"),
        ]
        assert [told(page) for page in pages] == [[]] * len(pages)
    lesson = learner.page(f"/belajar/{SLUG}/{ONE}")
    assert not [secret for secret in SECRETS if secret in lesson]


def test_the_right_choice_is_shown_only_as_a_choice(learner: Client) -> None:
    text = sit(learner).look()
    assert text.count("KUNCI-BENAR") == 1
    choices = re.findall(r'<label class="choice"><input type="radio" name="q1" value="[0-9a-f]{8}"><span>', text)
    assert len(choices) == 2


def test_after_grading_the_same_watch_finds_the_key(learner: Client) -> None:
    sitting = sit(learner)
    sitting.submit(right=False)
    assert {"UMPAN-", "PENJELASAN-RAHASIA"} <= set(told(sitting.result()))


def test_a_passed_quiz_says_why_and_leads_on(learner: Client) -> None:
    sitting = sit(learner)
    sitting.submit()
    text = sitting.result()
    assert "✓ Lulus" in text
    assert "pilihan Anda, benar" in text
    assert "UMPAN-BENAR" in text
    assert "UMPAN-SALAH" not in text
    assert f'href="/belajar/{SLUG}/{ONE}">Lanjut' in text


def test_a_failed_quiz_offers_reading_and_trying_again(learner: Client) -> None:
    sitting = sit(learner)
    sitting.submit(right=False)
    text = sitting.result()
    assert "Belum lulus" in text
    assert "UMPAN-SALAH" in text
    assert "jawaban yang benar" in text
    assert f'href="/belajar/{SLUG}/{ONE}">Baca lagi' in text
    assert f'href="/mulai-kuis/{SLUG}/{ONE}">Coba lagi' in text


def test_every_kind_shows_what_was_answered_and_what_is_right(learner: Client) -> None:
    sitting = sit(learner, TWO)
    sitting.submit(right=False)
    text = sitting.result()
    assert "salah sama sekali" in text
    assert "60 (juga diterima: enam puluh)" in text
    assert "Identifikator: Mengantar warga" in text
    assert "Identifikator: Mendata warga" in text
    blank = sit(learner, TWO, 2)
    blank.save(submit=True)
    assert blank.result().count("Tidak Anda jawab") == 5


def test_before_sending_there_is_no_result(learner: Client) -> None:
    sitting = sit(learner)
    assert learner.get(f"/kuis/{sitting.id}/hasil").location == f"/kuis/{sitting.id}"


def test_the_history_names_every_attempt_and_the_best_counts(learner: Client) -> None:
    for ordinal, right in ((1, False), (2, True), (3, False)):
        sit(learner, ordinal=ordinal).submit(right=right)
    text = learner.page(f"/mulai-kuis/{SLUG}/{ONE}")
    assert re.findall(r"Percobaan (\d)", text) == ["3", "2", "1"]
    assert "100 · lulus" in text
    assert "0 · belum lulus" in text
    learner.send(f"/belajar/{SLUG}/{ONE}")
    assert "Kuis 100" in learner.page(f"/belajar/{SLUG}")


def test_what_a_person_wrote_is_text(learner: Client) -> None:
    sitting = sit(learner, TWO)
    sitting.save(sitting.entry(2, ("<script>alert(1)</script>",)), submit=True)
    text = sitting.result()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert(1)" not in text


def test_another_person_finds_nothing(learner: Client, cast: Cast) -> None:
    sitting = sit(learner)
    sitting.submit()
    sign_in(learner, cast.other)
    for path in ("", "/hasil", "/periksa"):
        assert learner.get(f"/kuis/{sitting.id}{path}").status_code == 404
        assert learner.get(f"/kuis/tidak-ada{path}").status_code == 404
    db.session.rollback()
    assert db.session.query(Attempt).count() == 1
