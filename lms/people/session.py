"""Signing a browser in and out: the session is emptied first, so nothing of the person before is left.

What stays are the random ids of devices this browser was before: signing in with a PIN or password, it is then told
from a stranger's. They open nothing, and count as long as their own 90 days, unless their person ended them. The mark
of the browser stays too: what was seen with this phone may be used by whoever signs in on it, and nowhere else.
"""

import tomllib
from pathlib import Path

from flask import request, session
from flask_login import login_user, logout_user

from lms.db.tables import Device
from lms.people import actions
from lms.people.viewer import Viewer
from lms.web.clock import now

_MARKS: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "data" / "perambah.toml").read_text("utf-8"))
"""Mark of a system, or of a browser, in what it says of itself -> its name, the surest mark first."""
BEFORE, BY_PIN, MARK = "kenal", "pin", "tanda"
MOST_BEFORE = 5


def open_device(person_id: int) -> Device:
    """A device row for this browser, inside the caller's write."""
    return actions.add_device(person_id, _label(request.user_agent.string), now())


def keep_signed_in(device_id: str, person_id: int, name: str, *, by_pin: bool = False) -> None:
    """Put the device into a fresh session cookie, after the write that made it."""
    _empty()
    login_user(Viewer(device_id, person_id, name, False, now()))
    session.pop("_id")  # Of address and browser, which nobody compares.
    session.permanent = True
    if by_pin:
        session[BY_PIN] = True


def forget() -> None:
    """Nobody is signed in any more."""
    _empty()
    logout_user()


def _empty() -> None:
    """Empty the session cookie, but for what is of this browser whoever uses it."""
    kept = {BEFORE: " ".join(devices_before()), MARK: browser_mark()}
    session.clear()
    session.update({name: word for name, word in kept.items() if word})
    session.permanent = True


def mark_browser() -> str:
    """A random word in the session cookie that no other browser has; made when it is first asked for."""
    if not browser_mark():
        session[MARK] = actions.random_id()
    return browser_mark()


def browser_mark() -> str:
    """This browser's mark, "" while it has none."""
    return str(session.get(MARK, ""))


def devices_before() -> list[str]:
    """Ids of the devices this browser is or was, the last ones; whose they are, only the database knows."""
    held = [*str(session.get(BEFORE, "")).split(), str(session.get("_user_id", ""))]
    return [device for device in dict.fromkeys(held) if device][-MOST_BEFORE:]


def signed_in_by_pin() -> bool:
    """Whether this browser came in with nothing but a PIN."""
    return bool(session.get(BY_PIN))


def card_was_shown() -> None:
    """Forget that this browser came in with a PIN alone: it has the new card before it."""
    session.pop(BY_PIN, None)


def _label(agent: str) -> str:
    """ "HP Android, Chrome": enough to recognise one's own phone."""
    system, browser = (next((names[mark] for mark in names if mark in agent), "") for names in _MARKS.values())
    return ", ".join(filter(None, (system or "Perangkat lain", browser)))
