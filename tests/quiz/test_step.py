"""A form as a step of its course: its page, its place among the lessons, and what counts as done."""

import pytest
from flask import Flask

from lms.course.load import edition_view
from lms.learn.queries import Progress, next_step
from tests.conftest import Cast, Client, publish_course, sign_in
from tests.course.form_texts import PATH, SOURCE
from tests.learn.test_next_step import main_step
from tests.quiz.filling import HOME, MODEL, SLUG, files, new_learner, open_case, publish

COURSE = f"/belajar/{SLUG}"
EXAMPLE = f"/contoh/{SLUG}/ibu-sari/{PATH}"
CASES = (("Baca contoh", 5), ("Isi yang kosong", 5), ("Isi sendiri", 10))


@pytest.fixture
def learner(app: Flask, client: Client) -> Client:
    return new_learner(app, client)


def test_a_visitor_reads_what_it_is_and_its_example(app: Flask, client: Client) -> None:
    publish()
    text = client.page(HOME)
    assert "<strong>kunjungan</strong>" in text
    assert text.index("Ibu Sari menolak") < text.index("Pak Min di kebun") < text.index("Bu Tuti dan dua anak")
    assert [label in text for label in ("Baca contoh", "Isi yang kosong", "Isi sendiri")] == [True] * 3
    assert "UU Nomor 27 Tahun 2022" in text
    assert main_step(text).startswith("/ikut/")
    assert "Ia menggeleng dan menutup pintu." in client.page(EXAMPLE)


def test_every_page_says_the_same_minutes(learner: Client) -> None:
    assert "20 menit seluruhnya" in learner.page(HOME)
    assert [f"{label} · {n} menit" in learner.page(HOME) for label, n in CASES] == [True] * 3
    assert "±&nbsp;20 menit lagi" in learner.page(COURSE)
    assert "formulir latihan, ±&nbsp;20 menit" in learner.page(COURSE)
    assert "Membacanya kira-kira 5 menit." in learner.page(EXAMPLE)
    for case, minutes in (("pak-min", 5), ("bu-tuti", 10)):
        assert f"Kira-kira {minutes} menit." in learner.page(f"/mulai-formulir/{SLUG}/{case}/{PATH}")


def test_the_example_is_filled_in_field_by_field_with_every_reason(learner: Client) -> None:
    text = learner.page(EXAMPLE)
    for words in ("Senin, 12 Oktober 2026, Anda mengetuk", "12 Oktober 2026", "Hari Senin itu.", "Menolak", "0 orang"):
        assert words in text
    assert "Ia berkata sedang lelah." in text
    assert "Semua anak bersekolah?" not in text, "it does not show where there is no child"
    assert "–" in text.partition("Rencana berikutnya")[2]
    assert "Apa yang Anda lakukan sesudah ditolak?" in text
    assert "<input" not in text


def test_a_long_text_that_is_filled_in_is_not_bold(learner: Client) -> None:
    long = "Ia berkata sedang lelah, dan meminta kami datang lagi sesudah panen selesai."
    publish(SOURCE.replace("Ia berkata sedang lelah.", long))
    text = learner.page(EXAMPLE)
    assert f'<p class="given written long">{long}</p>' in text
    assert '<p class="given written">Menolak</p>' in text


def test_only_the_example_is_shown_as_one(learner: Client) -> None:
    for case in ("pak-min", "bu-tuti", "siapa"):
        assert learner.get(f"/contoh/{SLUG}/{case}/{PATH}").status_code == 404
    assert learner.get(f"/mulai-formulir/{SLUG}/ibu-sari/{PATH}").status_code == 404
    assert learner.send(f"/mulai-formulir/{SLUG}/ibu-sari/{PATH}", ke=1).status_code == 404


def test_it_counts_as_a_lesson_when_a_case_was_sent_and_as_a_quiz_when_one_was_passed(learner: Client) -> None:
    assert "1 pelajaran, 1 formulir" in learner.page(COURSE)
    open_case(learner, "pak-min").save(True, anak=("2",), sekolah=("ya",))
    text = learner.page(COURSE)
    assert "1 dari 1 pelajaran" in text
    assert "Yang masih kurang: 1 formulir." in text
    assert f'href="{HOME}">Formulir kunjungan' in text.partition('id="kurang"')[2]
    open_case(learner).save(True, **{**MODEL, "persetujuan": ("menolak",), "alasan": ("Lelah",)})
    assert "1 formulir." in learner.page(COURSE)
    open_case(learner, ordinal=2).save(True, **MODEL)
    text = learner.page(COURSE)
    assert "Semua syarat sertifikat sudah terpenuhi." in text
    assert "Nilai 100" in text


def test_its_own_button_does_not_finish_it(learner: Client) -> None:
    assert learner.send(HOME).location == HOME
    assert "0 dari 1 pelajaran" in learner.page(COURSE)


def test_the_way_leads_from_the_example_to_the_case_alone(learner: Client) -> None:
    assert main_step(learner.page(COURSE)) == HOME
    assert main_step(learner.page(HOME)) == EXAMPLE
    gaps = open_case(learner, "pak-min")
    assert main_step(learner.page(HOME)) == f"/formulir/{gaps.id}"
    assert main_step(learner.page(COURSE)) == f"/formulir/{gaps.id}"
    gaps.save(True, anak=("2",), sekolah=("ya",))
    assert main_step(learner.page(HOME)) == f"/mulai-formulir/{SLUG}/bu-tuti/{PATH}"
    assert main_step(learner.page(COURSE)) == HOME
    alone = open_case(learner)
    alone.save(True, **MODEL)
    assert main_step(alone.result()) == main_step(learner.page(HOME)) == f"/sertifikat/ambil/{SLUG}"


def test_each_case_leads_to_the_next_one_of_the_form(learner: Client) -> None:
    copy = SOURCE[SOURCE.index('[[kasus]]\nslug = "bu-tuti"') :].replace('"bu-tuti"', '"bu-tuti-lagi"')
    publish(f"{SOURCE}\n{copy}")
    gaps, alone, more = (f"/mulai-formulir/{SLUG}/{case}/{PATH}" for case in ("pak-min", "bu-tuti", "bu-tuti-lagi"))
    assert main_step(learner.page(EXAMPLE)) == gaps
    begun = open_case(learner, "pak-min")
    assert main_step(learner.page(EXAMPLE)) == f"/formulir/{begun.id}"
    begun.save(True, anak=("2",), sekolah=("ya",))
    assert main_step(learner.page(EXAMPLE)) == main_step(begun.result()) == alone
    failed = open_case(learner)
    failed.save(True, **{**MODEL, "persetujuan": ("menolak",), "alasan": ("Lelah",)})
    assert main_step(failed.result()) == alone
    passed = open_case(learner, ordinal=2)
    passed.save(True, **MODEL)
    assert main_step(passed.result()) == more
    assert f'class="btn second" href="/sertifikat/ambil/{SLUG}"' in passed.result(), "the way out of the form"
    last = open_case(learner, "bu-tuti-lagi")
    last.save(True, **MODEL)
    assert main_step(last.result()) == main_step(learner.page(EXAMPLE)) == f"/sertifikat/ambil/{SLUG}"


def test_the_example_leads_to_gaps_before_what_is_filled_in_alone_wherever_they_stand(learner: Client) -> None:
    at, to = (SOURCE.index(f'[[kasus]]\nslug = "{case}"') for case in ("pak-min", "bu-tuti"))
    publish(f"{SOURCE[:at]}{SOURCE[to:]}\n{SOURCE[at:to]}")
    assert main_step(learner.page(EXAMPLE)) == f"/mulai-formulir/{SLUG}/pak-min/{PATH}"


def test_who_passed_alone_is_not_led_back_to_the_gaps(learner: Client) -> None:
    open_case(learner).save(True, **MODEL)
    assert main_step(learner.page(EXAMPLE)) == main_step(learner.page(HOME)) == f"/sertifikat/ambil/{SLUG}"


def test_a_visitor_is_led_from_the_example_to_joining(app: Flask, client: Client) -> None:
    publish()
    assert main_step(client.page(EXAMPLE)).startswith("/ikut/")


def test_a_result_of_a_form_that_left_the_course_leads_on(learner: Client) -> None:
    filling = open_case(learner)
    filling.save(True, **MODEL)
    other = {**files(), "dasar/lain.toml": files()[PATH]}
    other["kursus.toml"] = other["kursus.toml"].replace(PATH.encode(), b"dasar/lain.toml")
    publish_course(SLUG, other)
    assert main_step(filling.result()) == f"/belajar/{SLUG}/dasar/lain.toml"


def test_the_addresses_of_a_quiz_lead_to_the_form(learner: Client) -> None:
    assert learner.get(f"/mulai-kuis/{SLUG}/{PATH}").location == HOME
    assert learner.send(f"/mulai-kuis/{SLUG}/{PATH}", ke=1).status_code == 404
    filling = open_case(learner)
    for page in ("", "/periksa", "/hasil"):
        assert learner.get(f"/kuis/{filling.id}{page}").location == f"/formulir/{filling.id}"
    assert learner.send(f"/kuis/{filling.id}").location == f"/formulir/{filling.id}"


def test_a_form_that_got_a_new_name_keeps_what_was_done(learner: Client) -> None:
    open_case(learner).save(True, **MODEL)
    moved = files()
    moved["dasar/baru.toml"] = moved.pop(PATH)
    new = moved["kursus.toml"].replace(PATH.encode(), b"dasar/baru.toml")
    moved["kursus.toml"] = new.replace(
        b"[[materi]]", b'[pindah]\n"%s" = "dasar/baru.toml"\n\n[[materi]]' % PATH.encode()
    )
    publish_course(SLUG, moved)
    text = learner.page(f"/belajar/{SLUG}/dasar/baru.toml")
    assert "100 · lulus" in text
    assert learner.get(HOME).location == f"/belajar/{SLUG}/dasar/baru.toml"
    start = learner.page(f"/mulai-formulir/{SLUG}/bu-tuti/dasar/baru.toml")
    assert "Percobaan 1" in start
    assert learner.get(f"/mulai-formulir/{SLUG}/bu-tuti/{PATH}").location.endswith("bu-tuti/dasar/baru.toml")


def test_gaps_alone_are_a_lesson_and_no_quiz(app: Flask, client: Client) -> None:
    edition = edition_view(publish(SOURCE.replace('tahap = "sendiri"', 'tahap = "contoh"')), SLUG)
    assert (edition.order, edition.quizzes) == ((PATH,), ())
    done = Progress(True, frozenset({PATH}), {})
    assert next_step(edition, done).url == COURSE


def test_staff_go_from_a_form_to_where_it_is_written(client: Client, cast: Cast) -> None:
    publish()
    link = f'<a href="/pelatih/kursus/{SLUG}/sunting/{PATH}">Sunting formulir ini</a>'
    assert link not in client.page(HOME)
    assert link not in sign_in(client, cast.trainer).page(HOME), "who trains does not edit by that alone"
    assert link in sign_in(client, cast.admin).page(HOME)
