"""A form of a session that is over: shown again, filled in, so that nothing written is lost."""

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError

from lms.db.engine import end_reading
from lms.people.viewer import owner_mark
from lms.web.errors import answer, wants_json
from lms.web.security import show_nobody_else

SECRETS = frozenset(("sandi", "lama", "baru", "pin", "kode", "angka"))
"""Fields of these names hold what opens an account, and are not shown."""


def init_stale_forms(app: Flask) -> None:
    """Bind what a stale form is answered with: to a script, and where it can't be shown again, that it is stale."""
    app.register_error_handler(CSRFError, lambda error: shown_again() or answer(400, reason="token"))


def shown_again() -> Response | None:
    """The form that was sent once more, filled in, or None where it must not be.

    Only to the person whose page it was made for, or, while nobody is signed in, to whoever is here, without a token:
    else words would go out under another's name. A file can't be put into a page again, and a secret is not shown.
    """
    mark, own = request.form.get("milik", ""), owner_mark()
    has_files = any(file.filename for file in request.files.values())
    is_theirs = mark != "" and own in ("", mark)
    if wants_json() or has_files or not is_theirs or not SECRETS.isdisjoint(request.form):
        return None
    end_reading()
    show_nobody_else()
    fields = [(name, text) for name, text in request.form.items(multi=True) if name not in ("csrf_token", "milik")]
    written = [text for _, text in fields if " " in text.strip()]
    page = render_template("lagi.html", fields=fields, written=written, mark=mark, is_known=own != "")
    return make_response(page, 400)
