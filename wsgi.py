"""The entry point of a WSGI server: `wsgi:app`. Before it first starts: `lms init`."""

from lms.app import create_app
from lms.settings import load_settings
from lms.setup import keep_present_key

settings = load_settings()
app = create_app(settings)
with app.app_context():
    keep_present_key(settings)
