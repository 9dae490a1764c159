"""The container file against the repository: no engine builds it here, so its statements are held to what is there."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from lms.boot import cli
from lms.db.settings import ROOT, settings_table

CONTAINER = (ROOT / "Containerfile").read_text()
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()
UNIT = (ROOT / "docs" / "contoh" / "sinau.service").read_text()


def statements(text: str) -> list[tuple[str, str]]:
    """(word, the rest) of each statement, with lines that go on joined."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines())]


def faults(text: str, app: Flask) -> Iterator[str]:
    """What the container file says that is not so."""
    said = statements(text)
    for word, rest in said:
        for source in rest.split()[:-1] if word == "COPY" and not rest.startswith("--from") else ():
            if not (ROOT / source).exists():
                yield f"{source} is not there"
            if f"!{source}" not in IGNORED:
                yield f"{source} is ignored"
    last = dict(said)  # Of each word the last statement, which is the one that holds.
    set_to = dict(pair.split("=", 1) for pair in last["ENV"].split())
    if last.get("USER", "root") in ("root", "0"):
        yield "it runs as root"
    elif not any(word == "RUN" and rest.startswith("useradd") and f" {last['USER']} " in rest for word, rest in said):
        yield "its user is not made"
    if set_to["LMS_DATA"] != last["VOLUME"] or set_to["PORT"] != last["EXPOSE"]:
        yield "data or port are not those of the settings"
    strange = [name for name in set_to if f"`{name}`" not in settings_table() and name not in UNIT and name != "PATH"]
    yield from (f"{name} is no setting" for name in strange)
    program, command = json.loads(last["CMD"])
    if program != "lms" or command not in cli.main.commands:
        yield "it starts no command of ours"
    asked = re.findall(r"'(/\w+)'", last["HEALTHCHECK"])
    if [path for path in asked if path in {rule.rule for rule in app.url_map.iter_rules()}] != ["/sehat"]:
        yield "it asks no page for its health"


def test_the_container_file_says_what_is_so(app: Flask) -> None:
    assert list(faults(CONTAINER, app)) == []


@pytest.mark.parametrize(
    ("was", "instead", "fault"),
    [
        ("COPY courses courses", "COPY kursus courses", "kursus is not there"),
        ("COPY static static", "COPY docs docs", "docs is ignored"),
        ("USER sinau", "USER root", "it runs as root"),
        ("USER sinau", "USER orang", "its user is not made"),
        ("VOLUME /data", "VOLUME /lain", "data or port are not those of the settings"),
        ("HOST=0.0.0.0", "HOTS=0.0.0.0", "HOTS is no setting"),
        ('"serve"', '"jalan"', "it starts no command of ours"),
        ("'/sehat'", "'/sakit'", "it asks no page for its health"),
    ],
)
def test_a_fault_in_it_is_seen(app: Flask, was: str, instead: str, fault: str) -> None:
    assert was in CONTAINER
    assert fault in faults(CONTAINER.replace(was, instead), app)


def test_only_what_is_copied_goes_into_the_image() -> None:
    copied = {each for word, rest in statements(CONTAINER) if word == "COPY" for each in rest.split()[:-1]}
    assert IGNORED[1] == "*"
    assert {line.removeprefix("!") for line in IGNORED if line.startswith("!")} <= copied
