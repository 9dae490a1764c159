"""The site served in a thread of this process, as `lms serve` serves it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask
from waitress import wasyncore

from lms.boot.server import answer, listen
from lms.db.settings import Settings


@contextmanager
def serving(app: Flask, settings: Settings) -> Iterator[str]:
    """The address under which it is served, on a free port, until the end of the block."""
    server, connections = listen(app, replace(settings, host="127.0.0.1", port=0))
    stopping = threading.Event()
    thread = threading.Thread(target=answer, args=(server, connections, stopping), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    stopping.set()
    server.pull_trigger()
    thread.join(30)
    wasyncore.close_all(connections, ignore_all=True)
