"""New lessons from templates, and a new course: what is made is good as it stands, safe to name and made once."""

from datetime import date

import pytest
from sqlalchemy import select

from lms.authoring.desk_views import TEMPLATES
from lms.course import queries
from lms.course.check import check_course
from lms.course.outline import folder_of, free_path, parse_course, part_of
from lms.course.problems import stops_publishing
from lms.db.engine import db
from lms.db.tables import AuditEntry
from tests.authoring.drafts import HOME, as_writer, base, course, files, publish, save
from tests.conftest import Cast, Client, sign_in

PAGE = f"{HOME}/baru"
NEW = "/pelatih/kursus/baru"
FIELDS = {"judul": "Menjaga rahasia warga", "jenis": "kasus", "letak": "0.1"}


@pytest.fixture
def editor(client: Client, cast: Cast) -> Client:
    return as_writer(client, cast)


def make(client: Client, **fields: str) -> str:
    """Fill in the form and send it; where it leads."""
    response = client.send(PAGE, dasar=base(client.page(PAGE)), **{**FIELDS, **fields})
    assert response.status_code == 303
    return response.location


@pytest.mark.parametrize("kind", TEMPLATES)
def test_every_template_is_a_lesson_without_a_fault(editor: Client, kind: str) -> None:
    make(editor, jenis=kind)
    report = check_course(files(), date(2026, 11, 24))
    path = "dasar/menjaga-rahasia-warga.md"
    mine = [problem for problem in report.problems if problem.path == path]
    assert not stops_publishing(mine), mine
    lesson = report.lessons["dasar/menjaga-rahasia-warga"]
    left = [problem.line for problem in mine if "belum diganti" in problem.text]
    told = {problem.text.partition(";")[0] for problem in mine if problem.line not in left}
    assert told == {"belum ada tanggal periksa yang terbaca"}
    assert len(left) >= len(lesson.quiz[0].questions) - 1
    assert lesson.title == "Menjaga rahasia warga"
    assert lesson.quiz
    assert "Tulis " in files()[path].decode()


def test_it_is_listed_where_it_was_asked_and_opens_in_the_editor(editor: Client) -> None:
    assert make(editor) == f"{HOME}/sunting/dasar/menjaga-rahasia-warga.md"
    assert course().lessons == ("dasar/satu", "dasar/menjaga-rahasia-warga", "dasar/dua")
    assert "Menjaga rahasia warga" in editor.page(HOME)
    publish()


def test_pressed_twice_it_is_one_lesson(editor: Client) -> None:
    fields = {**FIELDS, "dasar": base(editor.page(PAGE))}
    places = [editor.send(PAGE, **fields).location for _ in range(2)]
    assert places[0] == places[1]
    assert len(course().lessons) == 3


def test_a_second_lesson_of_the_same_title_gets_a_name_of_its_own(editor: Client) -> None:
    make(editor)
    make(editor, jenis="kuis")
    assert "dasar/menjaga-rahasia-warga-2" in course().lessons


def test_a_name_that_a_lesson_once_had_is_not_given_again(editor: Client, cast: Cast) -> None:
    save("kursus.toml", files()["kursus.toml"].replace(b'"dasar/satu.md", ', b""), cast.admin)
    save("dasar/satu.md", None, cast.admin)
    publish()
    assert make(editor, judul="Satu").endswith("/dasar/satu-2.md")
    save("kursus.toml", files()["kursus.toml"] + b'[pindah]\n"dasar/lama" = "dasar/dua"\n', cast.admin)
    assert make(editor, judul="Lama").endswith("/dasar/lama-2.md")


def test_who_comes_second_sees_the_new_order_first(editor: Client, cast: Cast) -> None:
    fields = {**FIELDS, "dasar": base(editor.page(PAGE))}
    save("kursus.toml", files()["kursus.toml"] + b"# baru\n", cast.admin)
    response = editor.send(PAGE, **fields)
    assert response.status_code == 409
    text = response.get_data(as_text=True)
    assert 'value="Menjaga rahasia warga"' in text
    assert "Periksa letaknya" in text
    assert editor.send(PAGE, **{**fields, "dasar": base(text)}).status_code == 303


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("judul", ""),
        ("judul", "x" * 121),
        ("judul", "a\u202eb"),
        ("jenis", "../../base"),
        ("letak", "9.0"),
        ("letak", "0"),
        ("nama", "x" * 121),
    ],
)
def test_what_can_not_be_is_said_at_its_field(editor: Client, field: str, text: str) -> None:
    before = files()
    response = editor.send(PAGE, **{**FIELDS, field: text})
    assert response.status_code == 422
    assert f'id="{field}-salah"' in response.get_data(as_text=True)
    assert files() == before


def test_a_course_whose_order_can_not_be_read_is_mended_first(editor: Client, cast: Cast) -> None:
    save("kursus.toml", b"rusak", cast.admin)
    assert editor.get(PAGE).location == f"{HOME}/atur"
    assert editor.send(PAGE, **FIELDS).status_code == 422
    save("kursus.toml", b'judul = "K"\n', cast.admin)
    assert "belum punya materi" in editor.page(PAGE)
    save("kursus.toml", b'judul = "K"\nmateri = [{judul = "M"}]\n', cast.admin)
    response = editor.send(PAGE, **{**FIELDS, "letak": "0.0", "dasar": base(editor.page(PAGE))})
    assert response.status_code == 422
    assert "ubah langsung di teksnya" in response.get_data(as_text=True)


@pytest.mark.parametrize("asked", ["1", "0", "99", "x", "-1", "9" * 30, "٣"])
def test_the_module_asked_for_is_chosen_if_there_is_one(editor: Client, asked: str) -> None:
    assert '<option value="0.2" selected>sesudah Pelajaran dua' in editor.page(f"{PAGE}?materi={asked}")


def test_a_course_begins_with_a_lesson_and_belongs_to_who_began_it(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    fields = {"judul": 'Lansia & "kita"', "materi": "Media", "pelajaran": "Apa itu lansia?"}
    assert [client.send(NEW, **fields).location for _ in range(2)] == ["/pelatih/kursus/lansia-kita"] * 2
    assert "Lansia &amp; &#34;kita&#34;" in client.page("/pelatih/kursus/lansia-kita")
    row = queries.course_by_slug("lansia-kita")
    assert row is not None
    course_id = row.id
    draft = queries.files_of(queries.draft_hashes(course_id))
    assert set(draft) == {"kursus.toml", "media-1/apa-itu-lansia.md"}
    found, problems = parse_course(draft["kursus.toml"].decode())
    assert found
    assert problems == []
    assert not stops_publishing(check_course(draft, date(2026, 11, 24)).problems)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "kursus dibuat")).one()
    assert (entry.actor_id, entry.object) == (cast.trainer, f"course:{course_id}")
    publish(course_id)
    assert client.send(NEW, **fields).location == "/pelatih/kursus/lansia-kita-2"
    sign_in(client, cast.other_trainer)
    assert client.get("/pelatih/kursus/lansia-kita").status_code == 404


def test_a_course_is_never_called_like_the_page_that_makes_one(client: Client, cast: Cast) -> None:
    sign_in(client, cast.trainer)
    fields = {"judul": "Baru", "materi": "Satu", "pelajaran": "Satu"}
    assert client.send(NEW, **fields).location == "/pelatih/kursus/baru-2"
    assert client.send(NEW, **{**fields, "judul": " "}).status_code == 422


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("Menjaga Rahasia!", "menjaga-rahasia"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-1"),
        ("media", "media"),
        ("…", "soal"),
        ("kata " * 40, ("kata-" * 12).rstrip("-")),
    ],
)
def test_names_are_safe_on_every_system(typed: str, part: str) -> None:
    assert part_of(typed) == part


def test_names_are_unique_whatever_the_case_and_stand_with_the_others() -> None:
    assert free_path("a", "B", ".md", ["A/b.md", "a/b-2.md"]) == "a/b-3.md"
    assert folder_of(["x/a.md", "y/b.md", "y/c.md"], "M") == "y"
    assert folder_of([], "Bantuan Sosial") == "bantuan-sosial"
    assert folder_of([], "Media") == "media-1", "a lesson is no picture"
    assert folder_of(["akar.md"], "Bantuan Sosial") == "bantuan-sosial"
