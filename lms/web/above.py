"""What a room gives to the site, and questions of a lower room to a higher one, by name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, current_app


class RoomParts(NamedTuple):
    """The parts of a room that the whole site must know; each room has its own in `room.py`.

    Pages; answers to rooms below, by name; kind of long work -> the function that does its next units; name of a child
    process's work -> the `package.module:function` that does it there; the rule of a page that is no more -> where it
    leads on to, with the rule's values in braces.
    """

    pages: Sequence[Blueprint] = ()
    above: Mapping[str, Callable[..., Any]] = {}
    jobs: Mapping[str, Callable[..., Any]] = {}
    children: Mapping[str, str] = {}
    moved: Mapping[str, str] = {}


def above(name: str, *arguments: Any, **named: Any) -> Any:
    """Return what the function of that name says. Raises KeyError for a name that the table does not hold."""
    return current_app.extensions["above"][name](*arguments, **named)


def is_above(name: str) -> bool:
    """Tell whether the table holds the name: a room that can be taken out may be missing."""
    return name in current_app.extensions["above"]
