"""How to write, in plain words: every rule of the format with an example that the editor inserts.

The same entries stand on the page of help, beside the text that is written, and behind the buttons above it. They are
written in bantuan.toml.
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from lms.course.check import Role
from lms.web.dates import tanggal

Where = Literal["utuh", "bagian", "kalimat", "blok", "soal", "akhir"]
"""Where an example goes: a file or a part of one that is only read, a sentence, a block, a question, the end."""

TODAY = "24 November 2026"
"""The day in the examples, which are shown with the present one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: what it is for, an example, and the words in it that a writer replaces first.

    `roles` are the texts it is offered in; `icon` is that of its button, "" where it has none.
    """

    slug: str
    title: str
    words: str
    example: str
    select: str
    where: Where
    roles: list[Role]
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading of the help; one menu of buttons where they have icons."""

    slug: str
    title: str
    entries: tuple[Entry, ...]


def _read() -> tuple[Group, ...]:
    written = tomllib.loads(Path(__file__).with_name("bantuan.toml").read_text(encoding="utf-8"))
    return tuple(
        Group(group["slug"], group["title"], tuple(Entry(**rule) for rule in group["entries"]))
        for group in written["groups"]
    )


GROUPS = _read()
"""In the order of the help."""


def groups_for(role: Role | None, today: date) -> list[Group]:
    """The help for a text of this kind, or all of it; its dates are today's."""
    day = tanggal(today)
    found = []
    for group in GROUPS:
        offered = [entry for entry in group.entries if role is None or role in entry.roles]
        dated = tuple(replace(entry, example=entry.example.replace(TODAY, day)) for entry in offered)
        found += [replace(group, entries=dated)] if dated else []
    return found
