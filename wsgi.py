"""The entry point of a WSGI server: `wsgi:app`."""

from lms.app import create_app
from lms.settings import load_settings

app = create_app(load_settings())
