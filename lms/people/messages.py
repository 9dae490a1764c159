"""A text that a trainer sends by WhatsApp, and to whom."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flask import current_app, render_template

NARROW = 28


"""Letters that surely fit into a line of the box on a phone of 360 px."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A text ready to be sent, and to whom; `phone` is "" where none is known."""

    text: str
    phone: str = ""

    def saying(self, typed: str) -> "OutgoingMessage":
        """Return the message with the text as somebody changed it, if they did."""
        return replace(self, text="\n".join(typed.splitlines())) if typed.strip() else self

    @property
    def phone_hint(self) -> str:
        """Enough of the number to know it again."""
        return f"••••{self.phone[-4:]}"

    @property
    def rows(self) -> int:
        """Lines of the box that shows all of it on a narrow phone."""
        return 1 + sum(max(1, -(-len(line) // NARROW)) for line in self.text.split("\n"))

    @property
    def whatsapp(self) -> str:
        """Return the address that opens WhatsApp with the text written, for this number or a contact chosen there."""
        number = f"62{self.phone.removeprefix('0')}" if self.phone else ""
        return f"https://wa.me/{number}?text={quote(self.text)}"


def written(template: str, phone: str = "", **told: Any) -> OutgoingMessage:
    """A message with the text of a template, which knows the address of the `site`."""
    return OutgoingMessage(render_template(template, site=current_app.config["PUBLIC_URL"], **told), phone)
