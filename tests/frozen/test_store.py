"""The comparison itself: what is the same passes, and each planted change turns it red and is named."""

from pathlib import Path

import pytest

from tests.frozen import store
from tests.frozen.test_pages import dearer

PAGES = {"/": "200\n\n<p>Selamat datang</p>", "/saya": "200\n\n<p>Selamat datang</p>\n=== bukan nama", "/kosong": ""}
GROUPS = [PAGES, {**PAGES, "/besar": "baris\n" * store.LARGE}]


@pytest.mark.parametrize("pages", GROUPS)
def test_what_is_the_same_is_no_difference(pages: dict[str, str], tmp_path: Path) -> None:
    store.keep("uji", pages, tmp_path)
    assert store.kept("uji", tmp_path) == store.unpacked(store.packed(pages))
    assert store.difference("uji", pages, tmp_path) == ""


@pytest.mark.parametrize("pages", GROUPS)
def test_one_word_of_a_page_is_red_and_named(pages: dict[str, str], tmp_path: Path) -> None:
    store.keep("uji", pages, tmp_path)
    planted = {name: text.replace("datang", "pulang") for name, text in pages.items()}
    found = store.difference("uji", planted, tmp_path).splitlines()
    assert found[0] == "uji: berubah: /"
    assert "+<p>Selamat pulang</p>" in found
    assert "uji: berubah: /saya" in found


def test_a_page_that_is_gone_and_one_that_is_new_are_red(tmp_path: Path) -> None:
    store.keep("uji", PAGES, tmp_path)
    planted = {"/baru": "200", **{name: text for name, text in PAGES.items() if name != "/saya"}}
    assert store.difference("uji", planted, tmp_path) == "uji: hilang: /saya\nuji: baru: /baru"


def test_a_change_of_everything_is_told_in_few_lines(tmp_path: Path) -> None:
    pages = {f"/{number}": "\n".join(f"{number} {line}" for line in range(200)) for number in range(50)}
    store.keep("uji", pages, tmp_path)
    planted = {name: text.replace("1", "satu") for name, text in pages.items()}
    assert len(store.difference("uji", planted, tmp_path).splitlines()) == store.MOST_LINES + 1


def test_a_difference_fails_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FROZEN", raising=False)
    store.compare("pages-nobody", store.kept("pages-nobody"))
    planted = store.kept("pages-nobody")
    planted["/masuk"] = planted["/masuk"].replace("Masuk", "Keluar", 1)
    with pytest.raises(AssertionError, match="pages-nobody: berubah: /masuk"):
        store.compare("pages-nobody", planted)


def test_more_statements_are_red_and_fewer_are_not() -> None:
    was = {"/": 3, "/saya": 2}
    assert dearer(was, {"/": 2, "/saya": 2}) == []
    assert dearer(was, {"/": 4, "/saya": 2, "/baru": 1}) == ["/: 3 → 4", "/baru: 0 → 1"]


def test_another_hash_of_one_question_is_red() -> None:
    planted = store.kept("course-bimtek-dasar-psm")
    hashed = planted["soal"].split()[-1]
    planted["soal"] = planted["soal"].replace(hashed, "0" * 64)
    found = store.difference("course-bimtek-dasar-psm", planted).splitlines()
    assert found[0] == "course-bimtek-dasar-psm: berubah: soal"
    assert any(line.startswith("-") and line.endswith(hashed) for line in found)
