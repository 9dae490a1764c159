"""Who is looking: a device and its person as one frozen value, read with a single statement of columns."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import bindparam, exists, func, or_, select, update

from lms.db.engine import Busy, db, read, writing
from lms.db.tables import CourseEditor, Device, Membership, Person, is_trainer
from lms.web.clock import now

SEEN_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Viewer(UserMixin):  # type: ignore[misc] # Flask-Login has no types.
    """Flask-Login's user is the device; pages see the person behind it. `seen_at` is when it last sent something.

    Staff run the site, are trainers by right, edit a course or train somewhere.
    """

    device_id: str
    person_id: int
    name: str
    is_admin: bool
    seen_at: datetime | None = None
    is_staff: bool = False

    def get_id(self) -> str:
        """Return the id that the session cookie carries."""
        return self.device_id


IS_STAFF = or_(
    Person.is_admin,
    Person.is_trainer,
    exists().where(Membership.person_id == Person.id, is_trainer(Membership)),
    exists().where(CourseEditor.person_id == Person.id),
)
# Every page of somebody signed in starts with this statement, so it is built once.
VIEWER = (
    select(Person.id, Person.name, Person.is_admin, func.coalesce(Device.last_seen_at, Device.created_at), IS_STAFF)
    .join(Device, Device.person_id == Person.id)
    .where(
        Device.id == bindparam("device"),
        Device.ended_at.is_(None),
        Device.expires_at > bindparam("now"),
        Person.deactivated_at.is_(None),
        Person.merged_into_id.is_(None),
    )
)


def load_viewer(device_id: str) -> Viewer | None:
    """The viewer of a device that is neither ended nor expired, and whose person may still sign in."""
    row = read(VIEWER, {"device": device_id, "now": now()}).first()
    return Viewer(device_id, *row) if row else None


def viewer() -> Viewer | None:
    """Return the person signed in, or None; the database is asked once a request, and never without a cookie."""
    user = None if "nobody" in g else current_user._get_current_object()
    return user if isinstance(user, Viewer) else None


def owner_mark() -> str:
    """Return a mark that keeps people's unsent answers apart on a shared phone; it says nothing about the person."""
    who = viewer()
    if who is None:
        return ""
    key, whose = current_app.config["CARD_KEY"], f"kotak:{who.person_id}"
    return hmac.digest(key, whose.encode(), "sha256").hex()[:16]


def note_seen(response: Response) -> Response:
    """Once a day, with something that its person sends anyway, a device is marked as seen; reading never writes."""
    if request.method != "POST" or response.status_code >= 500:
        return response
    who, moment = viewer(), now()
    if who is None or (who.seen_at is not None and moment - who.seen_at < SEEN_EVERY):
        return response
    try:
        with writing():
            db.session.execute(update(Device).where(Device.id == who.device_id).values(last_seen_at=moment))
    except Busy:
        pass  # The next thing they send says it again.
    return response


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie. What everybody gets alike depends on none, though Flask-Login looks at each answer's."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send what changed, and say that the answer depends on the cookie; files say themselves how they are kept."""
        if session.modified or "private" in response.headers.get("Cache-Control", "private"):
            super().save_session(app, session, response)


def init_viewer(app: Flask) -> None:
    """Bind Flask-Login; the session is the only cookie, and it does not change by itself."""
    app.session_interface = Sessions()
    app.after_request(note_seen)
    app.jinja_env.globals["owner_mark"] = owner_mark
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load_viewer)
    manager.init_app(app, add_context_processor=False)
