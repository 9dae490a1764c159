"""The yardstick: a bare Flask view that sends bytes made before, and a bare durable insert, on the same server."""

import json
import os
import sqlite3
import sys
import threading
from pathlib import Path

from flask import Flask, Response, request

from lms.boot.server import serve
from lms.db.engine import sqlite  # type: ignore[attr-defined] # The module that the site chose.
from lms.db.settings import load_settings

app = Flask("bare")
PAGE = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else b""
lock = threading.Lock()


def connect() -> sqlite3.Connection:
    """A durable database with one small table."""
    connection = sqlite.connect(os.environ["BARE_DB"], check_same_thread=False, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("create table if not exists answer (id text primary key, value text)")
    return connection  # type: ignore[no-any-return] # the same interface under another name


@app.get("/")
def page() -> Response:
    """The same bytes, compressed once."""
    return Response(PAGE, mimetype="text/html", headers={"Content-Encoding": "gzip"})


@app.post("/")
def insert() -> Response:
    """One durable insert by one writer."""
    data = request.get_json()
    with lock:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("insert into answer values (?, ?)", (os.urandom(12).hex(), json.dumps(data)))
        writer.execute("COMMIT")
    return Response('{"ok": true}', mimetype="application/json")


writer = connect()
serve(app, load_settings({"LMS_DATA": str(Path(os.environ["BARE_DB"]).parent), "PORT": os.environ["PORT"]}))
