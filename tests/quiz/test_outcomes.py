"""What came of the tests: the speaker's sheet, the analysis of items, the gain; true to what was done, in few reads."""

import html
import re
from collections.abc import Callable
from fractions import Fraction

import pytest

from lms.course.grading import RulingFact
from lms.course.questions.base import Question
from lms.db.engine import db, writing
from lms.db.tables import CourseEditor, Membership
from lms.quiz import actions as quizzes
from lms.quiz.exam_cohort_queries import sat_in
from lms.quiz.queries import POSTTEST, PRETEST
from tests.cohort.crowd import facts_of
from tests.conftest import START, Cast, Client, add_member, add_person, sign_in
from tests.learn.test_queries_count import counted
from tests.quiz.exam_course import ASKED, POST, PRE, sit_exam
from tests.quiz.exam_hall import fill

BASE = "/pelatih/B1MTEK/tes"
HUB = "/pelatih/B1MTEK"
SHEET, ITEMS, GAIN = f"{BASE}?bagian=awal", f"{BASE}?bagian=akhir", f"{BASE}?bagian=peningkatan"


@pytest.fixture
def trainer(browser: Callable[[], Client], exams: int, cast: Cast) -> Client:
    return sign_in(browser(), cast.trainer, "Retno Wulandari")


def half(number: int, test: str, question: Question) -> bool:
    """The pre-test finds basics known to every second one and nothing else; the post-test finds all but one item."""
    if test == PRETEST:
        return question.title.startswith("Dasar") and number % 2 == 0
    return question.title != "Lanjutan 3?"


def test_the_sheet_is_empty_and_says_so_before_anybody_sent(trainer: Client) -> None:
    assert "Belum ada tes awal yang dikirim" in trainer.page(SHEET)
    assert "Belum ada tes akhir yang dikirim" in trainer.page(ITEMS)
    assert "Belum ada tes yang dikirim" in trainer.page(GAIN)


def test_the_sheet_tells_what_to_dwell_on_in_words_and_names_nobody(trainer: Client, exams: int, cast: Cast) -> None:
    fill(cast.bimtek, exams, 30, half)
    text = trainer.page(SHEET)
    assert "Sementara" in text
    trainer.send(f"{BASE}/awal", aksi="tutup", yakin="ya")
    text = trainer.page(SHEET)
    assert "Sementara" not in text
    assert "<b>30 orang</b>" in text
    rows = re.findall(r'data-label="Materi">([^<]+)</td><td data-label="Benar">([^ ]+) ', text)
    assert rows == [("Lanjutan", "0%"), ("Dasar", "50%")]
    missed = re.search(
        r"<b>(\d+) dari (\d+)</b> memilih “Keliru Lanjutan (\d)”, padahal bukan itu jawabannya\. (.*)</p>", text
    )
    assert missed
    assert missed[1] == missed[2]
    assert f"Yang perlu dijelaskan: UMPAN-{missed[3]}x." in missed[4]
    assert "Orang 0" not in text
    assert "Retno" not in text


def test_of_few_people_there_are_figures_and_no_judgement(trainer: Client, exams: int, cast: Cast) -> None:
    fill(cast.bimtek, exams, 4, half)
    text = trainer.page(SHEET)
    assert "Kurang dari 10 orang hanya menunjukkan angka" in text
    assert "Dari yang paling perlu dijelaskan" not in text
    text = trainer.page(ITEMS)
    assert "Tingkatnya" not in text
    assert "Perlu dilihat" not in text
    assert "angkanya saja" in text
    text = trainer.page(GAIN)
    assert "angka saja, tanpa kategori" in text


def test_items_are_told_with_what_was_taken_and_the_bad_one_comes_first(
    trainer: Client, exams: int, cast: Cast
) -> None:
    fill(cast.bimtek, exams, 60, half)
    text = trainer.page(ITEMS)
    worth = text.partition("<h3>Perlu dilihat")[2].partition("<summary>Semua soal")[0]
    assert "Lanjutan 3?" in worth
    assert "lebih banyak dipilih daripada kuncinya" in worth
    part = worth.partition("Lanjutan 3?")[2].partition("</details>")[0]
    taken = re.search(r"<b>0 dari (\d+)</b> benar \(0%\)", part)
    assert taken
    assert f"{taken[1]} × Keliru Lanjutan 3" in part
    assert "0 × Betul Lanjutan 3 <b>(kunci)</b>" in part
    assert "Perbaiki soal ini" not in text


def test_who_may_edit_is_led_to_the_line_of_the_draft(trainer: Client, exams: int, cast: Cast) -> None:
    fill(cast.bimtek, exams, 30, half)
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.trainer, at=START))
    text = trainer.page(ITEMS)
    part = text.partition("Lanjutan 3?")[2]
    found = re.search(r'href="(/pelatih/kursus/kursus/sunting/tes\.md)#baris-(\d+)">Perbaiki soal ini', part)
    assert found
    source = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", trainer.page(found[1]), re.DOTALL)
    assert source
    assert source[1].split("\n")[int(found[2]) - 1].strip() == "### Lanjutan 3?"


def test_after_the_tests_the_hub_leads_who_may_edit_to_each_question_until_it_is_mended(
    trainer: Client, exams: int, cast: Cast
) -> None:
    fill(cast.bimtek, exams, 30, half)
    assert trainer.send(BASE, yakin="ya").status_code == 303
    assert "Soal yang perlu dilihat" not in trainer.page(HUB)
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.trainer, at=START))
    part = trainer.page(HUB).partition('id="perbaiki"')[2].partition("</section>")[0]
    here = re.search(r'<b>Lanjutan 3\?</b>.*?href="([^"#]+)#baris-(\d+)">Perbaiki', part, re.DOTALL)
    assert here
    assert f'href="{here[1]}#baris-{here[2]}">Perbaiki soal ini' in trainer.page(ITEMS)
    page = trainer.page(here[1])
    source = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    base = re.search(r'name="dasar"[^>]* value="([^"]*)"', page)
    assert source
    assert base
    lines = html.unescape(source[1]).split("\n")
    at = int(here[2]) - 1
    assert lines[at].strip() == "### Lanjutan 3?"
    lines[at:] = ["\n".join(lines[at:]).replace("Pilihlah.", "Pilih yang paling tepat.", 1)]
    assert trainer.send(here[1], teks="\n".join(lines), dasar=base[1]).status_code == 303
    assert "Lanjutan 3?" not in trainer.page(HUB)


def test_the_hub_shows_nothing_to_mend_while_the_tests_go_on_and_asks_little(
    trainer: Client, exams: int, cast: Cast
) -> None:
    fill(cast.bimtek, exams, 30, half)
    with writing():
        db.session.add(CourseEditor(course_id=1, person_id=cast.trainer, at=START))
    assert "Soal yang perlu dilihat" not in trainer.page(HUB)
    trainer.send(BASE, yakin="ya")
    assert len(counted(trainer, HUB)) <= 24


def test_a_voided_question_is_in_no_figure(trainer: Client, exams: int, cast: Cast) -> None:
    fill(cast.bimtek, exams, 30, half)
    sat = sat_in(facts_of(cast.bimtek))
    voided = next(key for key, asked in sat.asked.items() if asked.question.title == "Lanjutan 3?")
    assert sat.report.post
    assert any(item.hash == voided for item in sat.report.post.items)
    with writing():
        quizzes.decide(1, RulingFact(voided, "batal"), "salah cetak", cast.trainer, START)
    report = sat_in(facts_of(cast.bimtek)).report
    assert report.pre
    assert report.post
    assert not any(item.hash == voided for item in (*report.pre.items, *report.post.items))
    assert report.post.mean == 1
    assert "Lanjutan 3?" not in trainer.page(ITEMS)


def test_the_gain_page_says_what_the_report_says(trainer: Client, exams: int, cast: Cast) -> None:
    fill(cast.bimtek, exams, 30, half)
    report = sat_in(facts_of(cast.bimtek)).report
    (group,) = report.groups
    text = trainer.page(GAIN)
    assert group.gain.of_means != group.gain.mean
    for title, value in (("Gain rata-rata kelas", group.gain.of_means), ("Rata-rata gain perorangan", group.gain.mean)):
        assert value is not None
        assert re.search(rf"<dt>{title}</dt><dd><b>{comma(value)}</b>", text), title
    assert f"</b>: {group.gain.word}" in text
    assert f"{report.passed} dari 30</b> lulus" in text
    for title, gain in group.subjects.items():
        assert gain.of_means is not None
        cells = f'data-label="Gain rata-rata kelas">{comma(gain.of_means)}'
        assert cells in text.partition(f'<td data-label="Materi">{title}')[2].partition("</tr>")[0]
    assert text.count('stroke-opacity=".45"') == len(report.pairs) == text.count("<td>Orang ") == 30


def comma(value: Fraction) -> str:
    return f"{float(value):.2f}".replace(".", ",")


def test_people_count_once_in_their_group_and_who_took_one_test_stands_apart(
    trainer: Client, browser: Callable[[], Client], exams: int, cast: Cast
) -> None:
    siti = sign_in(browser(), cast.participant)
    sit_exam(siti, PRE).score(1)
    sit_exam(siti, POST).score(3)
    sit_exam(siti, POST, ordinal=2).score(ASKED)
    for name, address in (("Wagiyem", PRE), ("Warsini", POST)):
        person = add_person(name)
        add_member(person, cast.bimtek)
        sit_exam(sign_in(browser(), person), address).score(2)
    full = add_person("Wiryono")
    add_member(full, cast.bimtek)
    wiryono = sign_in(browser(), full)
    sit_exam(wiryono, PRE).score(ASKED)
    sit_exam(wiryono, POST).score(4)
    add_member(cast.trainer, cast.bimtek)
    sit_exam(trainer, PRE).score(0)
    text = trainer.page(GAIN)
    assert "Hanya tes awal (1)" in text
    assert "Tidak masuk dalam gain: Wagiyem." in text
    assert "Hanya tes akhir (1)" in text
    assert "Tidak masuk dalam gain: Warsini." in text
    assert "<td>Siti Aminah</td><td>20 → 60</td><td>Gain 0,50 " in text
    assert "tidak dapat dihitung, tes awal sudah 100" in text.partition("Wiryono")[2]
    assert "1 lainnya sudah 100 pada tes awal" in text
    assert "<b>2 dari 3</b> lulus" in text
    assert "Retno" not in text


@pytest.mark.walk
def test_three_hundred_people_cost_as_few_reads_as_three(trainer: Client, exams: int, cast: Cast) -> None:
    trainer.lint = False
    pages = (BASE, SHEET, ITEMS, GAIN)
    fill(cast.bimtek, exams, 3, half)
    few = [len(counted(trainer, page)) for page in pages]
    fill(cast.bimtek, exams, 297, half)
    assert [len(counted(trainer, page)) for page in pages] == few
    assert max(few) <= 10
    assert db.session.query(Membership).filter_by(cohort_id=cast.bimtek, role="peserta").count() == 301


def test_only_the_tests_of_this_cohort_are_told(trainer: Client, exams: int, cast: Cast) -> None:
    fill(cast.other_bimtek, exams, 12, half, (POSTTEST,))
    assert "Belum ada tes akhir yang dikirim" in trainer.page(ITEMS)
