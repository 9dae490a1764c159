"""Another name: progress, pictures and links follow; taking away and going back to what is published."""

import pytest

from lms.course import queries
from lms.course.course_writing import leading_to, led_back, pools_renamed
from lms.course.outline import parse_course
from lms.db.engine import db, writing
from lms.db.tables import Inquiry
from tests.authoring.drafts import HOME, as_writer, course, files, publish, save
from tests.conftest import SLUG, START, Cast, Client, add_member, publish_course, sign_in
from tests.course.form_texts import PATH as FORM
from tests.quiz import filling
from tests.quiz.sitting import ONE, sit

PAGE = f"{HOME}/nama/dasar/satu.md"
READ = f"/belajar/{SLUG}"


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    return as_writer(client, cast)


@pytest.fixture
def learner_too(browser: object, cast: Cast) -> Client:
    """A participant who read the first lesson and passed its quiz."""
    add_member(cast.stranger)
    client = sign_in(browser(), cast.stranger)  # type: ignore[operator] # The fixture makes browsers.
    client.send(f"{READ}/{ONE}")
    sit(client, ONE).submit()
    return client


def rename(client: Client, name: str, same: str = "ya", folder: str = "dasar", page: str = PAGE) -> str:
    response = client.send(page, aksi="ganti", folder=folder, nama=name, sama=same)
    assert response.status_code == 303, response.get_data(as_text=True)
    return response.location.partition("?")[0]


def standing(client: Client) -> str:
    return client.page(READ).partition('aria-label="Kemajuan Anda"')[2].partition("</section>")[0]


def test_the_same_lesson_keeps_what_was_learned_in_it(editor: Client, learner_too: Client) -> None:
    assert "1 dari 2 pelajaran, 1 dari 2 kuis lulus" in standing(learner_too)
    assert rename(editor, "Mengenal Desa!") == f"{HOME}/nama/dasar/mengenal-desa.md"
    assert course().lessons == ("dasar/mengenal-desa", "dasar/dua")
    publish()
    assert "1 dari 2 pelajaran, 1 dari 2 kuis lulus" in standing(learner_too)
    assert learner_too.get(f"{READ}/{ONE}").location == f"{READ}/dasar/mengenal-desa"
    rename(editor, "desa-kita/pertama", page=f"{HOME}/nama/dasar/mengenal-desa.md")
    publish()
    assert course().moved == {"dasar/satu": "desa-kita/pertama", "dasar/mengenal-desa": "desa-kita/pertama"}
    assert "1 dari 2 pelajaran, 1 dari 2 kuis lulus" in standing(learner_too)


def test_another_lesson_begins_anew(editor: Client, learner_too: Client) -> None:
    rename(editor, "lain", "tidak")
    publish()
    assert course().moved == {}
    assert "0 dari 2 pelajaran, 0 dari 2 kuis lulus" in standing(learner_too)


def test_back_to_the_first_name_leads_in_no_circle(editor: Client, learner_too: Client) -> None:
    rename(editor, "lain")
    rename(editor, "satu", page=f"{HOME}/nama/dasar/lain.md")
    publish()
    assert course().moved == {"dasar/lain": "dasar/satu"}
    assert "1 dari 2 pelajaran, 1 dari 2 kuis lulus" in standing(learner_too)


def test_pictures_and_links_lead_where_they_led(editor: Client) -> None:
    before = files()
    location = editor.send(PAGE, aksi="ganti", folder="dasar", nama="baru/satu", sama="ya").location
    assert "Nama barunya tersimpan" in editor.page(location)
    after = files()
    text = after["baru/satu.md"].decode()
    assert "![Sebuah rumah di desa](../dasar/media/rumah.svg)" in text
    assert "[pelajaran dua](../dasar/dua.md)" in text
    changed = (
        before["dasar/satu.md"].decode().replace("(media/", "(../dasar/media/").replace("(dua.md", "(../dasar/dua.md")
    )
    assert text == changed
    assert "dasar/satu.md" not in after
    assert after["dasar/dua.md"] == before["dasar/dua.md"]
    publish()


def test_links_of_others_are_rewritten_in_the_same_save(editor: Client, cast: Cast) -> None:
    save("dasar/dua.md", files()["dasar/dua.md"] + b"\nLihat [satu](satu.md#bagian-pertama).\r\n", cast.admin)
    save("glosarium.md", b"## Desa\n\nLihat [satu](dasar/satu.md) dan `[satu](dasar/satu.md)`.\n", cast.admin)
    response = editor.send(PAGE, aksi="ganti", folder="dasar", nama="mula", sama="ya")
    assert "Tautan di 2 berkas lain ikut disesuaikan" in editor.page(response.location)
    assert files()["dasar/dua.md"].endswith(b"[satu](mula.md#bagian-pertama).\r\n")
    assert b"[satu](dasar/mula.md) dan `[satu](dasar/satu.md)`" in files()["glosarium.md"]
    assert set(leading_to(files(), "dasar/mula.md")) == {"dasar/dua.md", "glosarium.md"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"nama": "", "sama": "ya"}, "nama"),
        ({"nama": "…", "sama": "ya"}, "nama"),
        ({"nama": "x" * 121, "sama": "ya"}, "nama"),
        ({"nama": "dua", "sama": "ya"}, "nama"),
        ({"nama": "DUA", "sama": "tidak"}, "nama"),
        ({"nama": "lain"}, "sama"),
        ({"nama": "lain", "sama": "mungkin"}, "sama"),
        ({"nama": "lain", "sama": "ya", "folder": "../luar"}, "folder"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(editor: Client, fields: dict[str, str], field: str) -> None:
    before = files()
    response = editor.send(PAGE, **{"aksi": "ganti", "folder": "dasar", **fields})
    assert response.status_code == 422
    assert f'id="{field}-salah"' in response.get_data(as_text=True)
    assert files() == before


def test_a_name_that_another_lesson_once_had_is_refused(editor: Client) -> None:
    rename(editor, "lain")
    publish()
    response = editor.send(f"{HOME}/nama/dasar/dua.md", aksi="ganti", folder="dasar", nama="satu", sama="tidak")
    assert response.status_code == 422
    assert "pernah ada" in response.get_data(as_text=True)


def test_a_lesson_nobody_read_yet_is_not_asked_about(editor: Client, cast: Cast) -> None:
    save("dasar/tiga.md", b"# Tiga\n", cast.admin)
    page = f"{HOME}/nama/dasar/tiga.md"
    assert "Apakah ini pelajaran yang sama?" not in editor.page(page)
    assert editor.send(page, aksi="ganti", folder="dasar", nama="empat").status_code == 303
    assert course().moved == {}


def test_what_readers_doubted_stands_at_the_new_name(editor: Client, cast: Cast) -> None:
    with writing():
        db.session.add(
            Inquiry(
                form_id="f" * 32,
                person_id=cast.participant,
                edition_id=1,
                kind="keliru",
                lesson="dasar/satu",
                text="ISI-keliru",
                at=START,
            )
        )
    rename(editor, "lain")
    page = editor.page(HOME)
    assert page.count('href="#laporan">1 laporan pembaca') == 1
    assert "1 laporan pembaca" in page.partition('id="p-dasar/lain.md"')[2].partition("</li>")[0]
    assert "ISI-keliru" in page


def test_the_same_name_changes_nothing(editor: Client) -> None:
    before = files()
    assert rename(editor, "satu") == PAGE
    assert files() == before


def test_who_saved_meanwhile_is_not_overwritten(editor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from lms.authoring import publish_views as naming_views

    def slow(*given: object, **more: object) -> object:
        save("dasar/satu.md", b"# Tulisan orang lain\n", cast.admin)
        return original(*given, **more)

    original = naming_views.renamed
    monkeypatch.setattr(naming_views, "renamed", slow)
    response = editor.send(PAGE, aksi="ganti", folder="dasar", nama="lain", sama="ya")
    assert response.status_code == 409
    assert "baru saja diubah orang lain" in response.get_data(as_text=True)
    assert files()["dasar/satu.md"] == b"# Tulisan orang lain\n"
    assert "dasar/lain.md" not in files()


def test_away_and_back_as_it_was_published(editor: Client) -> None:
    before, order = files(), course().lessons
    assert editor.send(PAGE, aksi="hapus").status_code == 422
    assert files() == before
    assert "Masih dipakai" not in editor.page(PAGE)
    assert editor.send(PAGE, aksi="hapus", yakin="ya").location == HOME
    assert course().lessons == ("dasar/dua",)
    assert "dihapus, masih dibaca peserta" in editor.page(HOME)
    text = editor.page(PAGE)
    assert "sudah dihapus dari rancangan" in text
    assert "Kembalikan seperti terbitan 1" in text
    assert 'value="hapus"' not in text
    assert editor.send(PAGE, aksi="kembali").status_code == 422
    assert editor.send(PAGE, aksi="kembali", yakin="ya").location == PAGE
    assert course().lessons == order
    assert files()["dasar/satu.md"] == before["dasar/satu.md"]


def test_who_links_to_it_is_named_before_it_goes(editor: Client) -> None:
    assert f'href="{HOME}/sunting/dasar/satu.md">Pelajaran satu</a>' in editor.page(f"{HOME}/nama/dasar/dua.md")
    picture = editor.page(f"{HOME}/nama/dasar/media/rumah.svg")
    assert "Masih dipakai" in picture
    assert 'value="ganti"' not in picture
    assert editor.send(f"{HOME}/nama/dasar/media/rumah.svg", aksi="hapus", yakin="ya").status_code == 303
    assert "dasar/media/rumah.svg" not in files()


def test_a_changed_file_goes_back_and_kursus_toml_too(editor: Client, cast: Cast) -> None:
    before = files()
    assert "Kembalikan seperti" not in editor.page(PAGE)
    assert editor.send(PAGE, aksi="kembali", yakin="ya").status_code == 409
    save("dasar/satu.md", b"# Lain\n", cast.admin)
    save("kursus.toml", b"rusak", cast.admin)
    assert editor.send(f"{HOME}/nama/kursus.toml", aksi="kembali", yakin="ya").status_code == 303
    assert editor.send(PAGE, aksi="kembali", yakin="ya").status_code == 303
    assert files() == before


def test_a_renamed_lesson_comes_back_by_renaming_it(editor: Client) -> None:
    rename(editor, "lain")
    text = editor.page(PAGE)
    assert f'<a href="{HOME}/nama/dasar/lain.md"' in text
    assert editor.send(PAGE, aksi="kembali", yakin="ya").status_code == 409


def test_a_form_keeps_its_stories_beside_it(client: Client, cast: Cast) -> None:
    as_writer(client, cast)
    publish_course(SLUG, filling.files())
    page = f"{HOME}/nama/{FORM}"
    response = client.send(page, aksi="ganti", folder="", nama="lain/formulir", sama="ya")
    assert response.status_code == 422
    assert "satu folder" in response.get_data(as_text=True)
    folder = FORM.rpartition("/")[0]
    story = f"{folder}/bu-tuti.md"
    assert "Ganti namanya di formulir itu" in client.page(f"{HOME}/nama/{story}")
    assert client.send(f"{HOME}/nama/{story}", aksi="hapus", yakin="ya").status_code == 409
    new = rename(client, "formulir-lain", folder=folder, page=page)
    assert new == f"{HOME}/nama/{folder}/formulir-lain.toml"
    publish()
    assert client.send(new, aksi="hapus", yakin="ya").status_code == 303
    assert not any(path.startswith(f"{folder}/") for path in files() if path.endswith("tuti.md"))


def test_files_found_by_their_names_keep_them(editor: Client) -> None:
    page = f"{HOME}/nama/kursus.toml"
    assert 'value="ganti"' not in editor.page(page)
    assert editor.send(page, aksi="ganti", folder="", nama="x", sama="ya").status_code == 409
    assert editor.send(page, aksi="hapus", yakin="ya").status_code == 409
    assert editor.send(PAGE, aksi="entah").status_code == 400
    for path in ("tidak/ada.md", "../kursus.toml", "dasar", "dasar/%00.md"):
        assert editor.get(f"{HOME}/nama/{path}").status_code in (404, 308)


def test_a_broken_order_is_mended_first(editor: Client, cast: Cast) -> None:
    save("kursus.toml", b"rusak\n", cast.admin)
    response = editor.send(PAGE, aksi="ganti", folder="dasar", nama="lain", sama="ya")
    assert response.status_code == 422
    assert "kursus.toml, baris 1" in response.get_data(as_text=True)
    assert "dasar/satu.md" in files()


def test_what_is_no_text_is_renamed_as_it_is(editor: Client, cast: Cast) -> None:
    save("dasar/satu.md", b"# \xff\n[dua](dua.md)\n", cast.admin)
    rename(editor, "baru/satu")
    assert files()["baru/satu.md"] == b"# \xff\n[dua](dua.md)\n"


def test_pools_of_the_tests_are_named_anew_and_nothing_else() -> None:
    bank = (
        "## Kuis: Dasar  (ambil 2)\r\n\r\n### Dasar?\r\n\r\n```\n## Kuis: Dasar\n```\n"
        "## Kuis:dasar(ambil 1)\n## Kuis: Lain\n"
    )
    after = pools_renamed(bank, {"Dasar": "Awal: baru"})
    assert after == (
        "## Kuis: Awal: baru  (ambil 2)\r\n\r\n### Dasar?\r\n\r\n```\n## Kuis: Dasar\n```\n"
        "## Kuis:Awal: baru(ambil 1)\n## Kuis: Lain\n"
    )


def test_an_edition_already_read_is_never_changed(editor: Client) -> None:
    before = queries.edition_hashes(1)
    rename(editor, "lain")
    publish()
    db.session.rollback()
    assert queries.edition_hashes(1) == before


def go_back(client: Client, number: int, current: int) -> str:
    """Press “Kembalikan ke terbitan …”; the edition one lands on."""
    sent = {"alasan": "Namanya keliru.", "berlaku": str(current)}
    response = client.send(f"{HOME}/terbitan/{number}/kembali", **sent)
    assert response.status_code == 303, response.get_data(as_text=True)
    return response.location.removeprefix(f"{HOME}/terbitan/").partition("?")[0]


def test_what_was_learned_under_the_new_name_counts_after_going_back_over_it(
    editor: Client, browser: object, cast: Cast
) -> None:
    rename(editor, "lain")
    publish()
    add_member(cast.stranger)
    learner = sign_in(browser(), cast.stranger)  # type: ignore[operator] # The fixture makes browsers.
    learner.send(f"{READ}/dasar/lain")
    sit(learner, "dasar/lain").submit()
    assert "1 dari 2 pelajaran, 1 dari 2 kuis lulus" in standing(learner)
    assert go_back(editor, 1, 2) == "3"
    assert "1 dari 2 pelajaran, 1 dari 2 kuis lulus" in standing(learner)
    assert learner.get(f"{READ}/dasar/lain").location == f"{READ}/{ONE}"
    assert "Kembali ke terbitan 1. Namanya keliru." in editor.page(f"{HOME}/terbitkan")
    assert go_back(editor, 2, 3) == "2"
    assert "1 dari 2 pelajaran, 1 dari 2 kuis lulus" in standing(learner)


def test_going_back_over_a_renaming_is_done_once_and_makes_one_edition(editor: Client) -> None:
    rename(editor, "lain")
    publish()
    assert [go_back(editor, 1, 2), go_back(editor, 1, 2)] == ["3", "3"], "pressed twice"
    assert [go_back(editor, 2, 3), go_back(editor, 1, 2)] == ["2", "3"], "there and back again"
    db.session.rollback()
    old, new = (queries.files_of(queries.edition_hashes(number)) for number in (1, 3))
    assert {path for path in old if old[path] != new[path]} == {"kursus.toml"}
    assert '\n[pindah]\n"dasar/lain" = "dasar/satu"\n' in new["kursus.toml"].decode()


def test_every_name_since_leads_back_and_only_those() -> None:
    def course(lessons: str, *moved: str) -> str:
        return f'judul = "K"\n[[materi]]\njudul = "M"\npelajaran = [{lessons}]\n\n[pindah]\n' + "\n".join(moved)

    first, second = course('"a.md", "x.md"', '"z" = "x"'), course('"b.md", "x.md"', '"a" = "b"')
    third = course('"c.md", "y.md"', '"a" = "c"', '"b" = "c"', '"x" = "y"')
    read = {name: parse_course(led_back(old, third))[0] for name, old in (("first", first), ("second", second))}
    assert {name: course.moved for name, course in read.items() if course} == {
        "first": {"z": "x", "b": "a", "c": "a", "y": "x"},
        "second": {"a": "b", "c": "b", "y": "x"},
    }
    assert led_back(third, first) == third
    assert led_back("rusak", third) == "rusak"
    assert led_back('pindah = {"q" = "r"}\n' + first.partition("[pindah]")[0], third).startswith("pindah")
