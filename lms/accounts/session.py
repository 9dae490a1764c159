"""Signing a browser in and out: the session is emptied first, so nothing of the person before is left."""

import re

from flask import request, session
from flask_login import login_user, logout_user

from lms.accounts import actions
from lms.models import Device
from lms.web.clock import now
from lms.web.viewer import Viewer

# In this order: an Android phone names Linux too, an iPhone the Mac.
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Komputer"),
    ("X11", "Komputer"),
)
BROWSERS = (("OPR/", "Opera"), ("Edg/", "Edge"), ("UCBrowser", "UC Browser"), ("Firefox/", "Firefox"))


def open_device(person_id: int) -> Device:
    """A device row for this browser, inside the caller's write."""
    return actions.add_device(person_id, _label(request.user_agent.string), now())


def keep_signed_in(device_id: str, person_id: int, name: str) -> None:
    """Put the device into a fresh session cookie, after the write that made it."""
    session.clear()
    login_user(Viewer(device_id, person_id, name, False))
    session.permanent = True


def forget() -> None:
    """Empty the session cookie."""
    logout_user()
    session.clear()


def _label(agent: str) -> str:
    """ "Android, Chrome": enough to recognise one's own phone."""
    system = next((name for mark, name in SYSTEMS if mark in agent), "Perangkat lain")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    if not browser:
        browser = "Chrome" if re.search(r"Chrom(e|ium)/", agent) else "Safari" if "Safari/" in agent else ""
    return f"{system}, {browser}" if browser else system
