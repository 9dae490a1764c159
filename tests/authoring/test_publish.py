"""Publishing: what one ticked and nothing else, with what it means for whom, and exactly what one was shown."""

import re
from collections.abc import Callable

import pytest

from lms.course import actions
from lms.db.engine import db, writing
from lms.db.tables import Attempt, AuditEntry, Cohort, Course, Edition, Enrolment, Publication, Reading, Reread
from tests.authoring.publishing import (
    HOME,
    ONE,
    PUBLISH,
    TOML,
    TWO,
    WHY,
    add_lesson,
    bundled,
    faults,
    fields,
    mend,
    press,
    publish,
    published,
    save,
    ticked,
)
from tests.conftest import SLUG, START, Cast, Client, publish_course, sign_in
from tests.learn.test_queries_count import counted, course_of
from tests.scene import open_attempt_id

SENTENCE = "Kalimat pembuka tentang desa."


def test_only_who_may_edit_publishes(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    assert client.get(PUBLISH).status_code == 404
    assert client.send(PUBLISH).status_code == 404
    sign_in(client, cast.admin)
    assert "Tidak ada yang menunggu" in client.page(PUBLISH)


def test_what_this_person_changed_is_ticked_and_published_with_its_reason(retno: Client, cast: Cast) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    mend(TWO, "jenis soal", "macam soal", cast.other_trainer)
    text = retno.page(PUBLISH)
    assert ticked(text) == [ONE]
    assert "Joko Susilo, 24 November 2026" in text
    assert "<del>" in text
    assert "pertama" in text
    way = publish(retno, text)
    assert way == f"{HOME}/terbitan/2?baru=1"
    assert published() == {**bundled(), ONE: bundled()[ONE].replace(b"pembuka", b"pertama")}
    assert "Sudah terbit" in retno.page(way)
    assert "Kembalikan ke terbitan 1" in retno.page(way)
    assert [(row.why, row.person_id) for row in db.session.query(Publication)][-1] == (WHY, cast.trainer)
    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.object, entry.fields, entry.reason, entry.actor_id) == (
        "kursus diterbitkan",
        "course:1",
        ["edition:2"],
        WHY,
        cast.trainer,
    )
    assert ticked(retno.page(PUBLISH)) == []


def test_a_colleagues_half_written_lesson_neither_blocks_nor_slips_in(retno: Client, cast: Cast) -> None:
    mend(ONE, "- [x] KUNCI-BENAR", "- [ ] KUNCI-BENAR", cast.other_trainer)
    mend(TWO, "jenis soal", "macam soal", cast.trainer)
    text = retno.page(PUBLISH)
    assert "harus dibetulkan sebelum terbit" not in text
    publish(retno, text)
    assert published()[ONE] == bundled()[ONE]
    assert b"macam soal" in published()[TWO]


def test_a_galat_of_what_would_be_read_stops_it_and_leads_to_its_line(retno: Client, cast: Cast) -> None:
    mend(ONE, "- [x] KUNCI-BENAR", "- [ ] KUNCI-BENAR", cast.trainer)
    text = retno.page(PUBLISH)
    assert "1 hal harus dibetulkan sebelum terbit" in text
    assert re.search(rf'href="{HOME}/sunting/dasar/satu.md#baris-\d+"', text)
    assert 'value="terbitkan"' not in text
    answer = press(retno, text)
    assert (answer.status_code, published()) == (422, bundled())
    assert "masih ada yang harus dibetulkan" in faults(answer.get_data(as_text=True))[0]


def test_a_warning_is_shown_and_stops_nothing(retno: Client, cast: Cast) -> None:
    mend(ONE, "  > UMPAN-SALAH itu kota lain.\n", "", cast.trainer)
    text = retno.page(PUBLISH)
    assert "punya umpan balik" in text
    publish(retno, text)


def test_both_listed_a_new_lesson_and_only_mine_is_published(
    retno: Client, browser: Callable[[], Client], cast: Cast
) -> None:
    add_lesson("dasar/mereka.md", cast.other_trainer, "setengah jadi, belum berjudul")
    add_lesson("dasar/saya.md", cast.trainer)
    text = retno.page(PUBLISH)
    assert ticked(text) == ["dasar/saya.md", TOML]
    assert "Belum ikut terbit" in text
    assert "mereka.md" in text.partition("Belum ikut terbit")[2].partition("</div>")[0]
    publish(retno, text)
    assert b"dasar/saya.md" in published()[TOML]
    assert b"mereka" not in published()[TOML]
    assert "Pelajaran tiga" in browser().page(f"/belajar/{SLUG}")


def test_ticking_a_new_lesson_proposes_the_list_of_lessons_and_its_pictures_once(retno: Client, cast: Cast) -> None:
    picture = "# Bergambar\n\n![Sawah](media/sawah.svg)\n"
    add_lesson("dasar/gambar.md", cast.other_trainer, picture)
    save("dasar/media/sawah.svg", b"<svg/>", cast.other_trainer)
    text = retno.page(PUBLISH)
    assert ticked(text) == []
    sent = {**fields(text), "berkas": ["dasar/gambar.md"], "aksi": "periksa"}
    text = retno.send(PUBLISH, **sent).get_data(as_text=True)
    assert ticked(text) == ["dasar/gambar.md", "dasar/media/sawah.svg", TOML]
    assert "Ikut dicentang karena dipakai “Bergambar”" in text
    sent = {**fields(text), "berkas": ["dasar/gambar.md", TOML], "aksi": "periksa"}
    text = retno.send(PUBLISH, **sent).get_data(as_text=True)
    assert ticked(text) == ["dasar/gambar.md", TOML], "what was taken out on purpose stays out"
    assert "harus dibetulkan sebelum terbit" in text


def test_other_ticks_than_those_the_page_told_of_are_shown_first(retno: Client, cast: Cast) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    mend(TWO, "jenis soal", "macam soal", cast.trainer)
    sent = {**fields(retno.page(PUBLISH)), "berkas": [TWO], "alasan": WHY, "aksi": "terbitkan"}
    answer = retno.send(PUBLISH, **sent)
    text = answer.get_data(as_text=True)
    assert (answer.status_code, ticked(text), published()) == (422, [TWO], bundled())
    assert "Pilihan Anda berubah" in faults(text)[0]
    publish(retno, text)
    assert published()[ONE] == bundled()[ONE]


def test_what_was_edited_meanwhile_is_shown_again_with_ticks_and_reason_kept(retno: Client, cast: Cast) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    before = retno.page(PUBLISH)
    mend(ONE, "pertama", "kesatu", cast.other_trainer)
    answer = press(retno, before)
    text = answer.get_data(as_text=True)
    assert (answer.status_code, ticked(text), published()) == (422, [ONE], bundled())
    assert "ada yang berubah sejak halaman ini dibuka" in faults(text)[0]
    assert "“Pelajaran satu” berubah oleh Joko Susilo" in text
    assert f'value="{WHY}"' in text
    publish(retno, text)
    assert b"kesatu" in published()[ONE]


def test_an_edition_published_meanwhile_is_told_and_not_undone(retno: Client, joko: Client, cast: Cast) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    mend(TWO, "jenis soal", "macam soal", cast.other_trainer)
    mine, theirs = retno.page(PUBLISH), joko.page(PUBLISH)
    publish(joko, theirs)
    text = press(retno, mine).get_data(as_text=True)
    assert "Terbitan 2 mulai berlaku" in text
    publish(retno, text)
    assert (b"pertama" in published()[ONE], b"macam soal" in published()[TWO]) == (True, True)


def test_pressed_twice_it_is_published_once(retno: Client, cast: Cast) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    text = retno.page(PUBLISH)
    assert publish(retno, text) == publish(retno, text) == f"{HOME}/terbitan/2?baru=1"
    assert db.session.query(Edition).count() == 2
    assert db.session.query(AuditEntry).count() == 1


def test_a_publication_between_check_and_write_publishes_nothing(
    retno: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    text = retno.page(PUBLISH)

    def late(*_: object, **__: object) -> None:
        raise actions.DraftChanged

    monkeypatch.setattr(actions, "publish", late)
    answer = press(retno, text)
    assert (answer.status_code, published()) == (422, bundled())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"alasan": "  "}, "Tulis satu kalimat"),
        ({"berkas": []}, "Centang dulu"),
        ({"berkas": ["tidak/ada.md", "../x", ""]}, "Centang dulu"),
        ({"diperiksa": "x"}, "Pilihan Anda berubah"),
        ({"atas": "9" * 30}, "berubah sejak"),
        ({"dilihat": ["", "a b c"]}, "berubah"),
    ],
)
def test_a_form_that_is_not_whole_publishes_nothing(
    retno: Client, cast: Cast, change: dict[str, object], said: str
) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    sent = {**fields(retno.page(PUBLISH)), "alasan": WHY, "aksi": "terbitkan", **change}
    if "dilihat" in change:
        sent["diperiksa"] = ""
    answer = retno.send(PUBLISH, **sent)
    assert (answer.status_code, published()) == (422, bundled())
    assert said in faults(answer.get_data(as_text=True))[0]


def test_a_long_reason_is_cut_where_the_table_ends(retno: Client, cast: Cast) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    publish(retno, retno.page(PUBLISH), alasan="kata " * 300)
    assert len(db.session.query(Publication).order_by(Publication.id.desc()).first().why) == 500  # type: ignore[union-attr] # One was just made.


def test_who_is_in_the_midst_of_a_quiz_keeps_its_questions(retno: Client, browser: object, cast: Cast) -> None:
    siti = sign_in(browser(), cast.participant)
    siti.send(f"/mulai-kuis/{SLUG}/dasar/satu", ke="1")
    attempt = open_attempt_id(siti, "dasar/satu")
    mend(ONE, "KUNCI-BENAR Wonogiri", "JAWABAN-LAIN Wonogiri", cast.trainer)
    text = retno.page(PUBLISH)
    assert "1 orang sedang mengerjakan kuis ini" in text
    assert "1 soal berubah" in text
    publish(retno, text)
    assert "KUNCI-BENAR" in siti.page(f"/kuis/{attempt}")
    db.session.rollback()
    assert db.session.get_one(Attempt, attempt).edition_id == 1


def finish(person_id: int, lesson: str) -> None:
    """Let somebody have finished a lesson, who need not take part in any cohort."""
    with writing():
        held = db.session.query(Enrolment).filter_by(person_id=person_id).first()
        if held is None:
            held = Enrolment(person_id=person_id, course_id=1, created_at=START)
            db.session.add(held)
            db.session.flush()
        db.session.add(Reading(enrolment_id=held.id, lesson=lesson, edition_id=1, at=START))


def test_who_finished_it_under_an_earlier_name_counts_once(retno: Client, cast: Cast) -> None:
    for person_id, lesson in ((cast.participant, "dasar/satu"), (cast.participant, "lama"), (cast.other, "lama")):
        finish(person_id, lesson)
    mend(TOML, "[[materi]]", '[pindah]\n"lama" = "dasar/satu"\n\n[[materi]]', cast.trainer)
    mend(ONE, SENTENCE, "Seluruh bagian ini ditulis ulang. " * 6, cast.trainer)
    assert "2 orang sudah menyelesaikannya" in retno.page(PUBLISH)


def test_a_lesson_that_changed_a_lot_may_be_asked_to_be_read_again(retno: Client, cast: Cast) -> None:
    finish(cast.participant, "dasar/satu")
    finish(cast.admin, "dasar/satu")
    mend(ONE, SENTENCE, "Seluruh bagian ini ditulis ulang supaya jelas bagi semua warga. " * 3, cast.trainer)
    mend(TWO, "jenis soal lain", "macam soal lain", cast.trainer)
    text = retno.page(PUBLISH)
    asked = text.partition("Minta dibaca lagi?")[2]
    assert "1 orang sudah menyelesaikannya" in asked
    assert 'value="dasar/dua"' not in asked
    assert 'value="dasar/satu" checked' not in asked
    publish(retno, text, **{"baca-lagi": ["dasar/satu", "dasar/dua", "tidak/ada"]})
    db.session.rollback()
    assert [row.lesson for row in db.session.query(Reread)] == ["dasar/satu"]
    assert db.session.query(AuditEntry).one().fields == ["edition:2", "reread:dasar/satu"]


def test_a_bimtek_that_reads_its_own_edition_on_is_named(retno: Client, cast: Cast) -> None:
    mend(ONE, "pembuka", "pertama", cast.trainer)
    assert "Bimtek Angkatan I (terbitan 1)" in retno.page(PUBLISH)


def test_a_lesson_taken_out_says_so(retno: Client, cast: Cast) -> None:
    mend(TOML, ', "dasar/dua.md"', "", cast.trainer)
    save(TWO, None, cast.trainer)
    mend(ONE, "Lihat juga [pelajaran dua](dua.md).", "", cast.trainer)
    mend("glosarium.md", " Lihat juga [pelajaran dua](dasar/dua.md).", "", cast.trainer)
    text = retno.page(PUBLISH)
    assert "5 soal dihapus" in text
    publish(retno, text)
    assert TWO not in published()


def test_the_first_edition_of_a_course_is_published_here_too(client: Client, cast: Cast) -> None:
    with writing():
        actions.import_draft("baru", dict(bundled()))
    sign_in(client, cast.admin)
    way = "/pelatih/kursus/baru/terbitkan"
    text = client.page(way)
    files = list(bundled())
    text = client.send(way, **{**fields(text), "berkas": files, "aksi": "periksa"}).get_data(as_text=True)
    answer = client.send(way, **{**fields(text), "alasan": "Terbitan pertama.", "aksi": "terbitkan"})
    assert answer.location == "/pelatih/kursus/baru/terbitan/1?baru=1"
    assert "Ini terbitan pertama" in client.page(answer.location)
    cohort = db.session.query(Cohort).join(Course, Course.id == Cohort.course_id).filter(Course.slug == "baru").one()
    assert (cohort.kind, cohort.self_issue) == ("mandiri", False)
    assert f"/pelatih/{cohort.code}" in client.page("/pelatih")


def test_a_draft_whose_course_file_is_broken_breaks_no_page(retno: Client, cast: Cast) -> None:
    save(TOML, b"rusak = [", cast.trainer)
    save(ONE, b"\xff\xfe\0", cast.trainer)
    text = retno.page(PUBLISH)
    assert "harus dibetulkan sebelum terbit" in text
    assert f"{HOME}/sunting/{TOML}" in text


@pytest.mark.walk
def test_a_hundred_lessons_ask_the_database_no_more(retno: Client, cast: Cast) -> None:
    def asked(count: int) -> int:
        files = course_of(count)
        publish_course(SLUG, files)
        with writing():
            wanted: dict[str, bytes | None] = {
                path: data + b"\nTambahan.\n" for path, data in files.items() if path != TOML
            }
            actions.save_files(1, wanted, cast.trainer, START)
        return len(counted(retno, PUBLISH))

    assert asked(100) == asked(3) <= 20


def renamed_by(person_id: int) -> None:
    """Save the first lesson under a new name as one does on its page."""
    files = bundled()
    toml = files[TOML].replace(b'"dasar/satu.md"', b'"dasar/baru.md"')
    save(TOML, toml + b'\n[pindah]\n"dasar/satu" = "dasar/baru"\n', person_id)
    save("dasar/baru.md", files[ONE], person_id)
    save(ONE, None, person_id)


def test_the_list_of_lessons_takes_a_colleagues_renaming_along(retno: Client, joko: Client, cast: Cast) -> None:
    renamed_by(cast.trainer)
    mend(TOML, "Kursus kecil", "Kursus mungil", cast.other_trainer)
    text = joko.page(PUBLISH)
    assert ticked(text) == ["dasar/baru.md", ONE, TOML]
    publish(joko, text)
    assert {"dasar/baru.md", TWO} < published().keys()
    assert ONE not in published()


def test_half_of_a_renaming_or_a_deletion_is_not_published(retno: Client, joko: Client, cast: Cast) -> None:
    renamed_by(cast.trainer)
    save(TWO, None, cast.trainer)
    mend(TOML, ', "dasar/dua.md"', "", cast.other_trainer)
    text = joko.page(PUBLISH)
    text = press(joko, text, berkas=[TOML], aksi="periksa").get_data(as_text=True)
    assert "berganti nama menjadi" in text
    assert "penghapusannya belum dicentang" in text
    assert press(joko, text).status_code == 422
    assert {ONE, TWO} < published().keys()


def test_a_form_takes_its_new_pictures_along(retno: Client, cast: Cast) -> None:
    form = b'judul = "Formulir"\npengantar = "![Kartu](media/kartu.svg)"\n'
    save("dasar/formulir.toml", form, cast.trainer)
    save("dasar/media/kartu.svg", b"<svg/>", cast.other_trainer)
    assert ticked(retno.page(PUBLISH)) == ["dasar/formulir.toml", "dasar/media/kartu.svg"]


def test_another_title_of_a_question_is_told_to_be_another_question(retno: Client, cast: Cast) -> None:
    mend(ONE, "### Warna daun?", "### Apa warna daun?", cast.trainer)
    text = retno.page(PUBLISH)
    assert "Soal baru: Apa warna daun?" in text
    assert "Riwayat jawabannya tetap tersimpan, tetapi tidak bersambung ke judul baru." in text


def test_a_question_that_was_only_added_is_told_without_more(retno: Client, cast: Cast) -> None:
    mend(ONE, "### Warna daun?", "### Satu lagi?\n\nJawaban: ya\n\n### Warna daun?", cast.trainer)
    text = retno.page(PUBLISH)
    assert "Soal baru: Satu lagi?" in text
    assert "tidak bersambung" not in text
