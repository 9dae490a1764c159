"""kursus.toml as a form: what is written, what stays, and what happens when two write or the file is broken."""

import html
import re

import pytest

from lms.authoring.forms import as_shown, beside, fields_of
from lms.course.course_writing import move_module, set_values
from lms.course.outline import parse_course
from tests.authoring.drafts import HOME, as_writer, base, course, files, save
from tests.conftest import Cast, Client, publish_course
from tests.quiz.exam_course import exam_files

PAGE = f"{HOME}/atur"


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    return as_writer(client, cast)


def shown(client: Client) -> dict[str, str]:
    """The form as a browser would send it back."""
    return fields_in(client.page(PAGE))


def fields_in(text: str) -> dict[str, str]:
    found = {"dasar": base(text)}
    for tag in re.findall(r"<input [^>]*>", text):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and 'type="hidden"' not in tag and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = html.unescape(value[1] if value else "")
    for name, value in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\n([^<]*)</textarea>', text):
        found[name] = html.unescape(value)
    return found


def test_every_key_of_kursus_toml_has_a_field(editor: Client) -> None:
    publish_course("kursus", exam_files())
    text = editor.page(PAGE)
    assert {"judul", "materi_baru", "m1_judul", "m1_daring", "m1_tatap", "m1_tujuan"} <= fields_of(course()).keys()
    assert set(fields_of(course())) <= set(re.findall(r'name="([^"]*)"', text))


def test_sending_it_as_it_is_changes_no_byte(editor: Client) -> None:
    before = files()
    assert editor.send(PAGE, **shown(editor)).status_code == 303
    assert files() == before


def test_what_was_changed_is_written_and_everything_else_stays(editor: Client, cast: Cast) -> None:
    save("kursus.toml", b"# catatan saya\r\n" + files()["kursus.toml"].replace(b"\n", b"\r\n"), cast.admin)
    form = shown(editor) | {
        "judul": 'Kursus "lain"',
        "lulus": "80",
        "kehadiran": "75",
        "minta_survei": "ya",
        "m0_tujuan": "Mengenal semua jenis soal\r\n\r\n  Menjawab  tenang ",
        "m0_tatap": "4",
    }
    del form["minta_kuis"]
    response = editor.send(PAGE, **form)
    assert response.location == f"{PAGE}?tersimpan=1"
    assert "Tersimpan dalam rancangan" in editor.page(response.location)
    held = course()
    assert (held.title, held.quiz.pass_mark) == ('Kursus "lain"', 80)
    assert (held.certificate.attendance, held.certificate.survey, held.certificate.quizzes) == (75, True, False)
    assert held.modules[0].goals == ("Mengenal semua jenis soal", "Menjawab tenang")
    assert (held.modules[0].online_jp, held.modules[0].hall_jp) == (2, 4)
    text = files()["kursus.toml"]
    assert text.startswith(b"# catatan saya\r\n")
    assert text.count(b"\n") == text.count(b"\r\n")


def test_tests_are_switched_on_and_off(editor: Client) -> None:
    form = shown(editor)
    editor.send(PAGE, **form, tes="ya")
    assert course().test is not None
    assert 'bank = "tes.md"\nlulus = 70\n' in files()["kursus.toml"].decode()
    form = shown(editor)
    del form["tes"]
    editor.send(PAGE, **form)
    assert course().test is None


def test_whom_a_course_is_for_and_whether_it_rests_on_law(editor: Client) -> None:
    form = shown(editor)
    del form["dasar_hukum"]
    editor.send(PAGE, **form, untuk_pelatih="ya")
    assert (course().for_trainers, course().rests_on_law) == (True, False)
    assert '"Penguji"\nuntuk = "pelatih"\ndasar_hukum = false\n' in files()["kursus.toml"].decode()
    form = shown(editor)
    del form["untuk_pelatih"]
    editor.send(PAGE, **form, dasar_hukum="ya")
    assert (course().for_trainers, course().rests_on_law) == (False, True)


def test_what_a_bimtek_may_drop_is_ticked_of_what_is_asked(editor: Client) -> None:
    assert course().certificate.droppable == ()
    ticked = {"kehadiran": "80", "lepas_minta_kuis": "ya", "lepas_kehadiran": "ya", "lepas_minta_survei": "ya"}
    assert editor.send(PAGE, **shown(editor) | ticked).status_code == 303
    assert course().certificate.droppable == ("kuis", "kehadiran"), "the survey is not asked"
    assert parse_course(files()["kursus.toml"].decode())[1] == []
    form = shown(editor)
    assert {"lepas_minta_kuis", "lepas_kehadiran"} == {name for name in form if name.startswith("lepas_")}
    del form["minta_kuis"]
    editor.send(PAGE, **form)
    assert course().certificate.droppable == ("kehadiran",), "what is asked no longer can't be dropped"
    form = shown(editor)
    del form["lepas_kehadiran"]
    editor.send(PAGE, **form)
    assert course().certificate.droppable == ()


def test_what_may_be_dropped_stays_as_it_was_written(editor: Client, cast: Cast) -> None:
    written = '[sertifikat]\nboleh_dilepas = [  # hanya di aula\n  "survei", "kuis",\n]\nkuis = true\nsurvei = true\n'
    save("kursus.toml", f'judul = "K"\n{written}[[materi]]\njudul = "M"\n'.encode(), cast.admin)
    editor.send(PAGE, **shown(editor) | {"judul": "Lain"})
    assert written in files()["kursus.toml"].decode()


def test_modules_come_and_empty_ones_go(editor: Client) -> None:
    editor.send(PAGE, **shown(editor) | {"materi_baru": "Yang kedua"})
    assert [module.title for module in course().modules] == ["Dasar", "Yang kedua"]
    text = editor.page(PAGE)
    assert 'name="m1_hapus"' in text
    assert 'name="m0_hapus"' not in text, "a module with lessons does not go"
    editor.send(PAGE, **fields_in(text) | {"m1_hapus": "ya", "m1_judul": "Lain", "m0_judul": "Awal"})
    assert [module.title for module in course().modules] == ["Awal"]


def test_the_questions_of_the_tests_follow_the_title_of_their_module(editor: Client) -> None:
    publish_course("kursus", exam_files())
    before = files()["tes.md"].decode()
    editor.send(PAGE, **shown(editor) | {"m1_judul": "Pendalaman"})
    after = files()["tes.md"].decode()
    assert "## Kuis: Pendalaman (ambil 3)" in after
    assert after.replace("## Kuis: Pendalaman", "## Kuis: Lanjutan") == before


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("judul", " "),
        ("judul", "x" * 201),
        ("judul", "a\u202eb"),
        ("lulus", "101"),
        ("lulus", "tujuh"),
        ("lulus", ""),
        ("lulus", "٣"),
        ("kesempatan", "-1"),
        ("kehadiran", "80%"),
        ("m0_judul", ""),
        ("m0_daring", "1,5"),
        ("m0_tujuan", "a\n" * 41),
        ("materi_baru", "x" * 201),
    ],
)
def test_what_can_not_be_is_said_at_its_field_and_nothing_is_lost(editor: Client, field: str, text: str) -> None:
    before = files()
    response = editor.send(PAGE, **shown(editor) | {"sasaran": "Semua orang", field: text})
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert f'id="{field}-salah"' in page
    assert f'<a href="#{field}">' in page
    assert 'value="Semua orang"' in page
    assert files() == before


def test_the_bank_must_lie_in_the_course(editor: Client) -> None:
    response = editor.send(PAGE, **shown(editor) | {"tes": "ya", "bank": "../tes.md"})
    assert response.status_code == 422
    assert "keluar dari folder kursus" in response.get_data(as_text=True)


def test_who_saves_second_sees_both_and_loses_nothing(editor: Client, cast: Cast) -> None:
    form = shown(editor) | {"judul": "Judul saya", "m0_tatap": "9"}
    text = set_values(files()["kursus.toml"].decode(), {("ringkasan",): "Ringkasan mereka", ("judul",): "Judul mereka"})
    save("kursus.toml", text.encode(), cast.admin)
    response = editor.send(PAGE, **form)
    assert response.status_code == 409
    page = response.get_data(as_text=True)
    assert "baru saja diubah orang lain" in page
    assert "Judul kursus: sekarang “Judul mereka”" in page
    assert "Ringkasan: sekarang “Ringkasan mereka”" in page
    again = fields_in(page)
    assert (again["judul"], again["ringkasan"], again["m0_tatap"]) == ("Judul saya", "Ringkasan mereka", "9")
    assert editor.send(PAGE, **again).status_code == 303
    held = course()
    assert (held.title, held.summary, held.modules[0].hall_jp) == ("Judul saya", "Ringkasan mereka", 9)


def test_what_was_typed_follows_a_module_that_a_colleague_moved() -> None:
    source = exam_files()["kursus.toml"].decode()
    old, _ = parse_course(source)
    new, _ = parse_course(move_module(source, 1, 0))
    assert old
    assert new
    found = beside(as_shown(fields_of(old)) | {"m1_daring": "7"}, old, new)
    assert found.typed["m0_daring"] == "7"
    assert found.typed["m0_judul"] == "Lanjutan"
    assert found.theirs == []
    gone, _ = parse_course(set_values(source, {("materi", 1): None}))
    assert gone
    lost = beside(as_shown(fields_of(old)) | {"m1_daring": "7"}, old, gone)
    assert lost.lost == [("JP daring, materi “Lanjutan”", "7")]


def test_a_form_that_forgot_what_it_was_made_of_is_shown_again(editor: Client) -> None:
    form = shown(editor) | {"judul": "Judul saya", "dasar": "f" * 64}
    response = editor.send(PAGE, **form)
    assert response.status_code == 409
    assert 'value="Judul saya"' in response.get_data(as_text=True)


def test_a_broken_file_opens_as_text_with_its_line_marked(editor: Client, cast: Cast) -> None:
    save("kursus.toml", b'judul = "Kursus"\nringkasan = "lupa menutup\n\n[kuis]\n', cast.admin)
    text = editor.page(PAGE)
    assert "<mark>ringkasan = &#34;lupa menutup</mark>" in text
    assert "Baris 2: TOML tidak terbaca" in text
    assert f'href="{HOME}/sunting/kursus.toml#baris-2"' in text
    assert editor.send(PAGE, judul="x").status_code == 409


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b'judul = "a"\n# \xe9\n',
        b"",
        b"\0",
        b'judul = "K"\n' + b'[[materi]]\njudul="M"\n' * 101,
        b"x = " + b"[" * 90,
        b'judul = 3\nmateri = "tiga"\nkuis = 1\n',
        b'judul = "K"\nkuis = {lulus = 1}\nmateri = [{judul = "M"}]\n',
        b'judul = "\\u0000"\n[pindah]\n"a" = 3\n"b" = "<script>"\n',
    ],
)
def test_no_file_breaks_the_page(editor: Client, cast: Cast, data: bytes) -> None:
    save("kursus.toml", data, cast.admin)
    text = editor.page(PAGE)
    form = fields_in(text) if 'name="dasar"' in text else {}
    assert editor.send(PAGE, **form).status_code in (303, 409, 422)
    assert editor.send(PAGE, **form | {"judul": "Baru", "lulus": "50", "m0_daring": "3"}).status_code in (303, 409, 422)


def test_what_a_form_can_not_change_leads_to_the_text(editor: Client, cast: Cast) -> None:
    save("kursus.toml", b'judul = "K"\nkuis = {lulus = 1}\n', cast.admin)
    response = editor.send(PAGE, **shown(editor) | {"kesempatan": "3"})
    assert response.status_code == 422
    assert "ubah langsung di teksnya" in response.get_data(as_text=True)


def test_old_names_are_told_in_sentences(editor: Client, cast: Cast) -> None:
    save("kursus.toml", files()["kursus.toml"] + b'[pindah]\n"dasar/nol" = "dasar/satu"\n', cast.admin)
    text = re.sub(r"<[^>]*>", "", editor.page(PAGE))
    assert "dasar/nol sekarang bernama dasar/satu." in text


@pytest.mark.parametrize("blank", ["\u00a0", "\u2028", "\x0b"])
def test_a_file_of_odd_blanks_opens_as_text(editor: Client, cast: Cast, blank: str) -> None:
    save("kursus.toml", blank.encode(), cast.admin)
    assert "TOML tidak terbaca" in editor.page(PAGE)
