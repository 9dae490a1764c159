"""The entry point of a WSGI server: `wsgi:app`. Before it first starts: `lms init`."""

from lms.boot.app import create_app
from lms.boot.setup import keep_present_key
from lms.db.settings import load_settings

settings = load_settings()
app = create_app(settings)
with app.app_context():
    keep_present_key(settings)
