"""The session cookie: Flask's signed one, whose signature is not worked out anew for every page."""

import time
from functools import cached_property

import flask
from flask import Flask, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.http import parse_cookie

from lms.course.load import cached


class Request(flask.Request):
    """A request whose cookies are read from the one header there is; Werkzeug goes through all headers for it."""

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """Every cookie the browser sent."""
        return parse_cookie(self.environ.get("HTTP_COOKIE"), ImmutableMultiDict)  # type: ignore[return-value] # of this class


class RememberedSessions(SecureCookieSessionInterface):
    """Flask's own sessions. The very same bytes of a cookie that was good stay good until they expire.

    Only what is good is remembered, so that nobody fills the cache with cookies they made up.
    """

    def open_session(self, app: Flask, request: flask.Request) -> SecureCookieSession | None:
        """The session of this request's cookie; an empty one when it brings none, a forged or an expired one."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            words, signed_at = cached(("session", cookie), lambda: (self._read(app, cookie), 4 * len(cookie)))
        except BadSignature:
            return self.session_class()
        is_fresh = time.time() <= signed_at + app.permanent_session_lifetime.total_seconds()
        return self.session_class(dict(words) if is_fresh else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Most sessions are only read: then no attribute of a cookie need be looked up."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers.add("Vary", "Cookie")

    def _read(self, app: Flask, cookie: str) -> tuple[tuple[tuple[str, str | bool], ...], float]:
        """What the session holds and the second it was signed in. Raises BadSignature."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            raise RuntimeError("sessions need a secret key")
        words, signed_at = serializer.loads(cookie, return_timestamp=True)
        if not all(isinstance(word, str | bool) for word in words.values()):
            raise TypeError("a session keeps words and truth values only: what can be changed in place would be shared")
        return tuple(words.items()), signed_at.timestamp()
