"""Pages that many read alike: the same bytes plain and compressed, and nobody's token in another's page."""

import gzip
from collections.abc import Callable

import pytest
from itsdangerous import TimestampSigner

from lms.web.shared import SharedPage
from tests.conftest import Client, add_member, add_person, sign_in

LESSON = "/belajar/kursus/dasar/satu"


@pytest.mark.parametrize(
    "html", ["awal AAA tengah BBB akhir", "AAABBB", "AAAAAA dua kali BBB AAA", "é" * 70_000 + "BBBAAA" + "x" * 9]
)
def test_gzip_and_plain_say_the_same_with_each_readers_own_words(html: str) -> None:
    page = SharedPage(html, ["AAA", "BBB"])
    for own in ([b"satu", b"dua"], [b"x" * 300, b"-"]):
        wanted = html.replace("AAA", own[0].decode()).replace("BBB", own[1].decode()).encode()
        assert page.plain(own) == wanted
        assert gzip.decompress(page.gzipped(own)) == wanted


def test_a_page_without_own_words_is_whole() -> None:
    assert SharedPage("<p>tanpa celah</p>", []).plain([]) == b"<p>tanpa celah</p>"


def test_a_word_that_is_not_in_the_page_is_refused_rather_than_frozen() -> None:
    with pytest.raises(ValueError, match="own word"):
        SharedPage("<p>AAA</p>", ["AAA", "BBB"])


def test_a_token_kept_from_an_earlier_page_is_cut_out_of_a_later_one(
    browser: Callable[[], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens are signed with their second: a page that signs anew would freeze the first reader's."""
    seconds = iter(range(1_800_000_000, 1_900_000_000))
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: next(seconds))
    clients = [browser(), browser()]
    for client in clients:
        person = add_person()
        add_member(person)
        sign_in(client, person)
        client.token(LESSON)
        client.token(LESSON)
    tokens = [client.token("/belajar/kursus/dasar/dua") for client in clients]
    assert tokens[0] != tokens[1]
    for client, token in zip(clients, tokens, strict=True):
        assert client.post("/belajar/kursus/dasar/dua", data={"csrf_token": token}).status_code == 303


def test_a_reader_gets_the_own_token_and_mark_and_nobody_elses(browser: Callable[[], Client]) -> None:
    pages, tokens = [], []
    for name in ("Siti Aminah", "Budi Santoso"):
        client, person = browser(), add_person(name)
        add_member(person)
        sign_in(client, person)
        tokens.append(client.token(LESSON))
        client.lint = False  # It reads plain pages only.
        packed = client.get(LESSON, headers={"Accept-Encoding": "gzip", "Referer": "https://sinau.test/"})
        assert packed.headers["Content-Encoding"] == "gzip"
        pages.append(gzip.decompress(packed.data).decode())
        assert client.post(LESSON, data={"csrf_token": tokens[-1]}).status_code == 303
    assert tokens[0] != tokens[1]
    assert tokens[0] not in pages[1]
    assert tokens[1] not in pages[0]
    mark = 'data-owner="'
    assert pages[0].partition(mark)[2][:16] != pages[1].partition(mark)[2][:16]


def test_a_finished_lesson_shows_no_form_to_the_one_and_a_form_to_the_other(browser: Callable[[], Client]) -> None:
    done, fresh = browser(), browser()
    for client in (done, fresh):
        person = add_person()
        add_member(person)
        sign_in(client, person)
    done.send(LESSON)
    assert '<form method="post">' not in done.page(LESSON)
    assert '<form method="post">' in fresh.page(LESSON)


def test_text_size_is_part_of_what_is_kept(client: Client) -> None:
    assert 'class="huruf-biasa"' in client.page(LESSON)
    client.send("/huruf", ukuran="besar")
    assert 'class="huruf-besar"' in client.page(LESSON)
