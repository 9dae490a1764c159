"""Pages that many read alike: the same bytes plain and compressed, and nobody's token in another's page."""

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from jinja2 import ChoiceLoader, DictLoader

from lms.db.settings import ROOT
from lms.web.shared import shared_page
from tests.conftest import Client, add_member, add_person, forget_editions, sign_in

LESSON = "/belajar/kursus/dasar/satu"


def test_a_word_that_is_not_in_the_page_is_refused_rather_than_frozen(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match="own word"):
        shared_page(("uji",), ["AAA", "BBB"], lambda: "<p>AAA</p>")


def reader(browser: Callable[[], Client], name: str) -> Client:
    """Somebody of that name who has joined."""
    person = add_person(name)
    add_member(person)
    return sign_in(browser(), person)


def opened(client: Client) -> str:
    """The lesson as this reader gets it, but for the second in which the form token was signed."""
    return re.sub(r'(name="csrf_token" value="[^".]+)[^"]+', r"\1", client.page(LESSON))


def leaks(browser: Callable[[], Client]) -> bool:
    """Whether what somebody reads depends on who opened the page before."""
    first, second = reader(browser, "Siti Aminah"), reader(browser, "Budi Santoso")
    forget_editions()
    alone = opened(first)
    after = opened(second)
    forget_editions()
    return (opened(second), opened(first)) != (after, alone)


def test_nothing_of_one_reader_reaches_another(browser: Callable[[], Client]) -> None:
    assert not leaks(browser)


def test_a_page_that_says_whose_it_is_is_red(
    app: Flask, browser: Callable[[], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (ROOT / "templates" / "base.html").read_text().replace("</body>", "{{ viewer.name }}</body>")
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([DictLoader({"base.html": source}), app.jinja_loader]))
    app.jinja_env.cache.clear()
    assert leaks(browser)
    app.jinja_env.cache.clear()


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
