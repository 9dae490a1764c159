"""The size of the text: a cookie set by POST and a class on <html>, so it reaches every page without script."""

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from lms.web.security import safe_return

bp = Blueprint("textsize", __name__)

COOKIE = "huruf"
SIZES = {"biasa": "Biasa", "besar": "Besar", "sangat-besar": "Sangat besar"}
YEAR = 365 * 86_400


def text_size() -> str:
    """The chosen size, "biasa" when none or an unknown one was chosen."""
    if COOKIE not in request.cookies:  # As with most; to get what is not there makes an exception each time.
        return "biasa"
    size = request.cookies[COOKIE]
    return size if size in SIZES else "biasa"


@bp.get("/huruf")
def choose() -> str:
    """The three sizes, each shown as it is."""
    return render_template("huruf.html", sizes=SIZES, back=safe_return(request.args.get("ke")))


@bp.post("/huruf")
def keep() -> Response:
    """Keep the size for a year and go back."""
    response = redirect(safe_return(request.form.get("ke")), 303)
    size = request.form.get("ukuran", "")
    if size in SIZES:
        response.set_cookie(COOKIE, size, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response
