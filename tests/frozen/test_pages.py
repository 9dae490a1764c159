"""Every page by everybody of the cast says what it said, and asks the database no more often."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask, Response

from tests.frozen import store
from tests.frozen.site import FOLDER, WHO, Phone, addresses, opened, stop_time
from tests.frozen.texts import text_of

pytestmark = pytest.mark.walk

STATIC = "/static/<version>/<path:name>"


def asked(app: Flask, who: str) -> tuple[dict[str, str], dict[str, int]]:
    """(address -> what it answers, address -> how many statements), each the second time it is opened."""
    phone, count, texts, counts = Phone(app, who), app.extensions["frozen count"], {}, {}
    for address, rule in addresses().items():
        first = text_of(phone.ask(address), body=rule != STATIC)
        count.since()
        texts[address] = text_of(phone.ask(address), body=rule != STATIC)
        counts[address] = count.since()
        assert texts[address] == first, f"{address} says something else each time it is opened"
    return texts, counts


def dearer(was: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """The pages that ask the database more often than they did. Fewer statements are welcome."""
    return [f"{page}: {was.get(page, 0)} → {count}" for page, count in now.items() if count > was.get(page, 0)]


@pytest.mark.parametrize("who", WHO)
def test_every_page_says_what_it_said(who: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stop_time(monkeypatch)
    with opened(tmp_path) as app:
        texts, counts = asked(app, who)
    file = FOLDER / f"statements-{who}.txt"
    if store.anew():
        file.write_text("".join(f"{count} {page}\n" for page, count in counts.items() if count))
    store.compare(f"pages-{who}", texts)
    was = {page: int(count) for count, _, page in (line.partition(" ") for line in file.read_text().splitlines())}
    assert dearer(was, counts) == []


def test_one_word_that_a_page_says_otherwise_is_red(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stop_time(monkeypatch)
    with opened(tmp_path) as app:

        @app.after_request
        def planted(response: Response) -> Response:
            if response.mimetype == "text/html" and b"<h1>Data Anda" in response.data:
                response.data = response.data.replace(b"<h1>Data Anda", b"<h1>Data kami")
            return response

        texts, _ = asked(app, "nobody")
    found = store.difference("pages-nobody", texts).splitlines()
    assert [line for line in found if "berubah" in line or "baru" in line] == ["pages-nobody: berubah: /privasi"]
