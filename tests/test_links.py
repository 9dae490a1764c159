"""No page leads where its reader can't go: everybody of the demonstration follows every kind of link they are shown."""

import html
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.boot.app import create_app
from lms.db.engine import close_all, db
from lms.db.tables import Certificate, Cohort, Membership, Person
from tests.conftest import Client, forget_editions, settings_for, sign_in
from tests.effort import often

pytestmark = pytest.mark.walk

OF_A_KIND = often(2, 4)
"""So many addresses of every route are looked at: one has little in it, the other much."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(demonstration, folder, dirs_exist_ok=True)
    forget_editions()
    app = create_app(settings_for(folder, demo=True, url=""))
    app.testing, app.test_client_class = True, Client
    with app.app_context():
        yield app
        db.session.remove()
        close_all()
    forget_editions()


def trainer_of(kind: str) -> int:
    trains = select(Membership.person_id).join(Cohort).where(Membership.role == "pelatih", Cohort.kind == kind)
    return db.session.scalars(trains.order_by(Membership.id)).first() or 0


def certified() -> int:
    return (
        db.session.scalars(
            select(Membership.person_id).join(Certificate, Certificate.membership_id == Membership.id)
        ).first()
        or 0
    )


WHO = {
    "nobody": lambda: 0,
    "a participant with a certificate": certified,
    "who trains a bimtek": lambda: trainer_of("bimtek"),
    "who trains self-study": lambda: trainer_of("mandiri"),
    "the admin": lambda: db.session.scalars(select(Person.id).where(Person.is_admin)).one(),
}


def links(page: str) -> list[str]:
    """Addresses on this site that a page leads to, without the place on the page."""
    found = re.findall(r'<a\b[^>]*\bhref="(/[^"#]*)', page)
    return list(dict.fromkeys(map(html.unescape, found)))


def walk(client: Client, begin: str) -> tuple[list[tuple[str, str, int]], Counter[str]]:
    """(page, link, status) of every link that fails, and how many addresses of each route were looked at."""
    adapter = client.application.url_map.bind("sinau.test")
    seen, looked, failed = {begin}, Counter[str](), []
    waiting = [(begin, begin)]
    while waiting:
        page, link = waiting.pop(0)
        route = str(adapter.match(link.partition("?")[0], "GET")[0]) if link != begin else begin
        looked[route] += 1
        if looked[route] > OF_A_KIND:
            continue
        answer = client.get(link, follow_redirects=True)
        if answer.status_code != 200:
            failed.append((page, link, answer.status_code))
        elif answer.mimetype == "text/html":
            fresh = [each for each in links(answer.get_data(as_text=True)) if each not in seen]
            seen.update(fresh)
            waiting += [(link, each) for each in fresh]
    return failed, looked


@pytest.mark.parametrize("who", WHO)
def test_every_link_that_is_shown_leads_somewhere(demo: Flask, time: object, who: str) -> None:
    db.session.rollback()
    client = demo.test_client()
    assert isinstance(client, Client)
    client.lint = False  # Every page is read critically elsewhere.
    if person_id := WHO[who]():
        sign_in(client, person_id)
    failed, looked = walk(client, "/")
    assert failed == [], failed
    assert len(looked) >= (11 if who == "nobody" else 25)


def test_a_link_that_leads_nowhere_is_found(demo: Flask, time: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(demo.view_functions, "mydata.privacy", lambda: '<a href="/cek/salah">Cek</a>')
    client = demo.test_client()
    assert isinstance(client, Client)
    client.lint = False
    assert walk(client, "/privasi")[0] == [("/privasi", "/cek/salah", 404)]
