"""One small cast, a fresh database for each test, and a client that reads every page it opens critically.

A test of a page asks for who plays in it, opens the page as one of them, and looks at what came:

    from tests.conftest import Cast, Client, sign_in

    def test_a_trainer_finds_their_bimtek(client: Client, cast: Cast) -> None:
        sign_in(client, cast.trainer)
        assert 'href="/pelatih/B1MTEK"' in client.page("/pelatih")

    def test_another_trainer_may_not_open_it(client: Client, cast: Cast) -> None:
        sign_in(client, cast.other_trainer)
        assert client.get("/pelatih/B1MTEK").status_code == 404

`client` is one browser, `browser()` gives another; `client.send(path, field=…)` posts a form; `time.forward(days=1)`
moves the clock. `learner` is signed in as somebody who studies alone, `scene` has an object of every kind. All of them
rest on `app`: the one app of the process over a database that is copied anew for each test. A fixture that writes much
calls `baked.once("its name", …)`, which plays it once and copies what came of it (tests/baked.py). `set_up` and
`demonstration` are data folders to copy, as the commands leave them.
"""

import gc
import os
import shutil
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from werkzeug.test import TestResponse

from lms.boot import demo
from lms.boot.app import ROOMS, create_app
from lms.boot.setup import initialise
from lms.cohort import actions as cohorts
from lms.course import actions as content
from lms.course.folder import read_folder
from lms.db.engine import close_all, db, end_reading, not_while_writing, writing
from lms.db.migrations import migrate
from lms.db.settings import Settings
from lms.db.tables import Cohort, Course, Membership
from lms.paper import child, child_main
from lms.people import actions as accounts
from lms.web import cache
from lms.web.clock import Clock
from tests.baked import Baked, Compiled, of_the_run, shared
from tests.lint import check_page

if TYPE_CHECKING:
    from tests.scene import Scene

# Where there is a disk in memory, the databases of the tests lie on it.
MEMORY = Path("/dev/shm")
if "PYTEST_DEBUG_TEMPROOT" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * 2**30:
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)

# How long an example takes is the machine's affair; what takes too long is measured by tests.effort.
hypothesis_settings.register_profile("long", deadline=None, max_examples=500)  # For `make test-long`.
hypothesis_settings.register_profile("quick", deadline=None, max_examples=25)
hypothesis_settings.load_profile("quick")

START = datetime(2026, 11, 24, 2, 14, tzinfo=UTC)
KEY = bytes(range(32))
COURSE = Path(__file__).parent / "data" / "kursus"
SLUG = "kursus"

# What starts a process has no place inside a write; `writing()` itself can't see it.
PROCESSES = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system"}
sys.addaudithook(lambda event, _: not_while_writing(event) if PROCESSES and event in PROCESSES else None)


def pytest_collection_finish() -> None:
    """What the modules hold stays to the end: nobody needs to look again and again whether it is garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True)
def no_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the browser and the served tests may open a line."""

    def refuse(*_: object) -> None:
        raise RuntimeError("a test outside tests/browser and tests/served opened a socket")

    if not {"browser", "served"} & set(request.path.parts):
        for act in ("connect", "connect_ex", "bind", "sendto"):
            monkeypatch.setattr(socket.socket, act, refuse)


@pytest.fixture(autouse=True)
def children_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a child process would do is done by this one, except where its limits are the promise (mark `child`)."""
    if not request.node.get_closest_marker("child"):
        monkeypatch.setattr(child, "_answer", answer_here)


def answer_here(function: str, payload: bytes, seconds: float, megabytes: int) -> bytes:
    """What `lms.paper.child_main` answers, without a process and its limits."""
    try:
        with warnings.catch_warnings(action="ignore"):
            answer: bytes = resolve_name(function)(payload)
            return answer
    except Exception as error:
        raise child.ChildFailed("crash", child_main._place(error)) from None


class Time:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    held = Time()
    monkeypatch.setattr(Clock, "source", staticmethod(lambda: held.now))
    return held


def settings_for(data: Path, **changes: object) -> Settings:
    """Settings of a test: a database in the test's own folder, fixed keys, an https address."""
    values: dict[str, object] = {
        "data": data,
        "url": "https://sinau.test",
        "secret_key": KEY,
        "card_key": KEY[::-1],
        "signing_key": KEY,
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type] # One dict for fields of many types.


def made(folder: Path, work: Callable[[Flask, Settings], object], **changes: object) -> None:
    """Let `work` fill the data folder of a new app, on the first day of the tests."""
    settings = settings_for(folder, **changes)
    app = create_app(settings)
    forget_editions()
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(Clock, "source", staticmethod(lambda: START))
        work(app, settings)
        db.session.remove()
        close_all()
    forget_editions()


def _publish(_app: Flask, settings: Settings) -> None:
    migrate(db.engine, settings.data)
    publish_course(SLUG, read_folder(COURSE))


def _demonstrate(app: Flask, settings: Settings) -> None:
    initialise(app, settings)
    (settings.data / "said.txt").write_text("\n".join(demo.fill(settings, START)))


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the processes of this run find the templates that one of them compiled."""
    Compiled.folder = of_the_run(tmp_path_factory) / "templates"
    Compiled.folder.mkdir(exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def work_of_children() -> None:
    """A test that makes no app finds the work of child processes as well, whichever runs first."""
    for room in ROOMS:
        child._entry_points.update(room.children)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the small test course published.

    A file, and not in memory: readers and the writer have connections of their own, as in life.
    """
    return shared(tmp_path_factory, "template", lambda folder: made(folder, _publish)) / "sinau.db"


@pytest.fixture(scope="session")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder as `lms init` leaves it: both bundled courses are published."""
    return shared(tmp_path_factory, "set-up", lambda folder: made(folder, initialise))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder as `lms demo` leaves it; said.txt is what it wrote on the screen."""
    return shared(tmp_path_factory, "demo", lambda folder: made(folder, _demonstrate, demo=True, url=""))


@pytest.fixture(scope="session")
def baked(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Baked:
    """The one app of this process."""
    folder = tmp_path_factory.mktemp("site")
    return Baked(create_app(settings_for(folder)), folder / "sinau.db", template)


@pytest.fixture
def app(baked: Baked, time: Time) -> Iterator[Flask]:
    """The site with the small test course published and its self-study cohort open."""
    baked.begin()
    baked.app.testing = True
    baked.app.test_client_class = Client
    forget_editions()
    with baked.app.app_context():
        yield baked.app
        db.session.remove()


def forget_editions() -> None:
    """Editions are kept under their ids, which a fresh database gives out again."""
    held = cache._cache
    for key in [key for key in held._held if isinstance(key, tuple) and key[0] in ("edition", "article", "page")]:
        held._bytes -= held._held.pop(key)[1]


def publish_course(
    slug: str, files: dict[str, bytes], *, reread: tuple[str, ...] = (), moment: datetime | None = None
) -> int:
    """Import and publish; the new edition's id."""
    moment = moment or Clock.source()
    with writing():
        course_id = content.import_draft(slug, files).id
    checked = content.check_draft(course_id, moment.date())
    with writing():
        edition = content.publish(checked, moment, reread=reread)
        cohorts.open_selfstudy(course_id, "Belajar mandiri", self_issue=True)
        assert edition is not None
        return edition.id


class Client(FlaskClient):
    """A browser without script: keeps cookies, and reads each page it opens critically."""

    lint = True
    shown: tuple[str, str] | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", "https://sinau.test")
        kwargs.setdefault("buffered", True)  # What a file is sent from is closed at its end.
        kwargs.setdefault("headers", {"Referer": "https://sinau.test/"})
        db.session.rollback()  # What a test was reading ends before a request begins.
        end_reading()
        with self.application.app_context():  # Else `g`, and who is signed in, would live on from request to request.
            response = super().open(*args, **kwargs)
        if self.lint and response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308):
            check_page(response.get_data(as_text=True), str(response.request.path))
        return response

    def page(self, path: str) -> str:
        """The text of a page that must answer 200."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.get_data(as_text=True)

    def send(self, path: str, **fields: object) -> TestResponse:
        """Post a form with the session's token."""
        return self.post(path, data={"csrf_token": self.token(), **fields})

    def taken(self, path: str, **fields: str) -> TestResponse:
        """What a button gives that is made bit by bit: pressed, worked for until it is there, pressed again."""
        work = self.send(path, **fields)
        if work.status_code == 303:
            while self.get(work.location).status_code == 200:
                assert self.send(work.location).status_code == 303
        return self.send(path, **fields)

    def token(self, path: str = "/huruf") -> str:
        """The form token of this session, as a page showed it."""
        if self.shown is None or self.shown[0] != self._secret():
            text = self.get(path).get_data(as_text=True)
            self.shown = self._secret(), text.partition('name="csrf_token" value="')[2].partition('"')[0]
        return self.shown[1]

    def _secret(self) -> str:
        """What the session's tokens are made of; "" while no page showed one."""
        cookie, sessions = self.get_cookie("sinau", "sinau.test"), SecureCookieSessionInterface()
        signer = sessions.get_signing_serializer(self.application)
        assert signer is not None
        return str(signer.loads(cookie.value).get("csrf_token", "")) if cookie else ""


@pytest.fixture
def browser(app: Flask) -> Callable[[], Client]:
    """A new browser, nobody signed in."""

    def new() -> Client:
        client = app.test_client()
        assert isinstance(client, Client)
        return client

    return new


@pytest.fixture
def client(browser: Callable[[], Client]) -> Client:
    return browser()


def sign_in(client: Client, person_id: int, name: str = "Siti Aminah") -> Client:
    """Give the browser a device of this person, as a card would."""
    from lms.people.viewer import Viewer

    device = add_device(person_id)
    assert Viewer(device, person_id, name, False).get_id() == device
    return carry(client, device)


def add_device(person_id: int) -> str:
    """A phone of this person, for a browser to carry."""
    with writing():
        return accounts.add_device(person_id, "Android, Chrome", Clock.source()).id


def carry(client: Client, device: str) -> Client:
    """Let the browser be signed in by this device."""
    with client.session_transaction(base_url="https://sinau.test") as session:
        session["_user_id"] = device
        session["_fresh"] = True
        session.permanent = True
    return client


def add_person(name: str = "Siti Aminah", *, admin: bool = False) -> int:
    """A person of Desa Sumberagung."""
    moment = Clock.source()
    with writing():
        person = accounts.add_person(name, moment, region="33.12.01.2001")
        person.is_admin = admin
        person.password_hash = "unusable" if admin else ""
        return person.id


def add_member(person_id: int, cohort_id: int | None = None, role: str = "peserta") -> int:
    """Membership and enrolment; the course's self-study cohort by default. Gives the membership's id."""
    with writing():
        cohort = (
            db.session.get_one(Cohort, cohort_id) if cohort_id else db.session.query(Cohort).order_by(Cohort.id).first()
        )
        assert cohort is not None
        return cohorts.take_part(person_id, cohort.id, cohort.course_id, Clock.source(), role).id


def add_bimtek(code: str = "B1MTEK", *, edition_id: int | None = None) -> int:
    """A running bimtek of the test course that pins the given (or the newest) edition."""
    with writing():
        course = db.session.query(Course).filter_by(slug=SLUG).one()
        cohort = Cohort(
            course_id=course.id,
            kind="bimtek",
            name="Bimtek Angkatan I",
            code=code,
            edition_id=edition_id or course.current_edition_id,
            starts_on=START.date(),
            ends_on=START.date() + timedelta(days=30),
            place="Pendopo Kecamatan Pracimantoro",
        )
        db.session.add(cohort)
        db.session.flush()
        return cohort.id


@contextmanager
def after(what: Callable[[], object]) -> Iterator[None]:
    """`writing()`, before which something else was written: set in its place, it comes between reading and writing."""
    with writing():
        what()
    with writing():
        yield


class Cast:
    """Who plays in the tests; each attribute is a person's id."""

    def __init__(self) -> None:
        self.participant = add_person("Siti Aminah")
        self.other = add_person("Budi Santoso")
        self.trainer = add_person("Retno Wulandari")
        self.other_trainer = add_person("Joko Susilo")
        self.admin = add_person("Agus Prasetyo", admin=True)
        self.stranger = add_person("Wati")
        self.bimtek = add_bimtek()
        self.other_bimtek = add_bimtek("B2MTEK")
        add_member(self.participant)
        add_member(self.other)
        add_member(self.participant, self.bimtek)
        add_member(self.trainer, self.bimtek, "pelatih")
        add_member(self.other, self.other_bimtek)
        add_member(self.other_trainer, self.other_bimtek, "pelatih")


@pytest.fixture
def cast(app: Flask, baked: Baked) -> Cast:
    return baked.once("cast", Cast)


@pytest.fixture
def learner(client: Client, baked: Baked) -> Client:
    """A browser signed in as a participant of the self-study cohort."""
    return carry(client, baked.once("learner", new_learner))


def new_learner() -> str:
    """The device of a new participant of the self-study cohort."""
    person_id = add_person()
    add_member(person_id)
    return add_device(person_id)


def membership_of(person_id: int, cohort_id: int | None = None) -> Membership:
    """The person's first membership, or the one in this cohort."""
    mine = db.session.query(Membership).filter_by(person_id=person_id).order_by(Membership.id)
    found = (mine.filter_by(cohort_id=cohort_id) if cohort_id else mine).first()
    assert found is not None
    return found


@pytest.fixture
def scene(app: Flask, cast: Cast, baked: Baked) -> "Scene":
    """The cast in the middle of everything: an object of every kind."""
    from tests.scene import scene_in

    return scene_in(app, cast, baked)
