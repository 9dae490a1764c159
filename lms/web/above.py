"""Questions of a lower room to a higher one, by name: the one table that answers stands in `boot/app.py`."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, current_app


def init_above(app: Flask, table: Mapping[str, Callable[..., Any]]) -> None:
    """Let rooms below ask for these functions of rooms above."""
    app.extensions["above"] = table


def above(name: str, *arguments: Any, **named: Any) -> Any:
    """Return what the function of that name says. Raises KeyError for a name that the table does not hold."""
    return current_app.extensions["above"][name](*arguments, **named)


def is_above(name: str) -> bool:
    """Tell whether the table holds the name: a room that can be taken out may be missing."""
    return name in current_app.extensions["above"]
