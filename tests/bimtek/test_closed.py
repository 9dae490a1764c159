"""A bimtek after its closing: every page of its event says so, and none has a button or a form that is then refused."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.conftest import Client
from tests.scene import Scene, Watch, send

DESK = "/pelatih/<code>"
TRAINERS = (
    DESK,
    f"{DESK}/acara/pertemuan",
    f"{DESK}/acara/pertemuan/<id:meeting_id>",
    f"{DESK}/data",
    f"{DESK}/hadir/<id:meeting_id>",
    f"{DESK}/hadir/<id:meeting_id>/pindai",
    f"{DESK}/hadir/<id:meeting_id>?bagian=daftar",
    f"{DESK}/tes",
    f"{DESK}/survei",
    f"{DESK}/rtl",
    f"{DESK}/undangan",
    f"{DESK}/impor",
    f"{DESK}/impor/<batch_id>",
    f"{DESK}/atur",
    f"{DESK}/anggota/<id:membership_id>/bantu",
)
PARTICIPANTS = ("/acara/<code>", "/rtl/<code>", "/survei/<code>", "/hadir/<receipt>")
OPENS_AGAIN = {"aksi", "alasan"}
"""The fields of the one form that a closed bimtek has for being changed."""
LOOKED_FOR = "cari"
"""The field of the form that only looks for somebody."""


class Page(HTMLParser):
    """What can be pressed on a page: forms, each as (method, address, fields), and links that look like buttons."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.buttons: list[tuple[str, str, str]] = []
        self.links: list[str] = []
        self._named: dict[str, int] = {}
        self._inside: int | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = len(self.forms)
            self._named[found.get("id", "")] = self._inside
            self.forms.append((found.get("method", "get"), found.get("action", ""), {}))
        elif tag == "a" and "btn" in found.get("class", "").split():
            self.links.append(unescape(found["href"]))
        elif self._inside is not None and tag in ("input", "textarea", "select") and "name" in found:
            self.forms[self._inside][2][found["name"]] = found.get("value") or "keliru"
        elif tag == "button" and found.get("type") != "button":
            self.buttons.append((found.get("form", ""), found.get("name", ""), found.get("value", "")))
            if self._inside is not None and not found.get("form"):
                self._named[f"tombol {len(self.buttons)}"] = self._inside
                self.buttons[-1] = (f"tombol {len(self.buttons)}", *self.buttons[-1][1:])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None

    def presses(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Each button with the form it sends, every box ticked."""
        for form, name, value in self.buttons:
            method, action, fields = self.forms[self._named[form]]
            yield method, action, fields | ({name: value} if name else {})


def refused(client: Client, address: str, text: str) -> list[str]:
    """What of a page is answered with a refusal or leads nowhere; what opens the bimtek again is not pressed."""
    page, found = Page(text), []
    client.lint = False
    for method, action, fields in page.presses():
        if method == "post" and not fields.keys() >= OPENS_AGAIN and LOOKED_FOR not in fields:
            watch = Watch()
            answer = send(client, action.split("#")[0] or address, **fields)
            # A form that reads what was typed is alive; one that does nothing and says nothing is not.
            if answer.status_code != 422 and (answer.status_code >= 400 or not watch.changed()):
                found.append(f"{address}: {action} {fields} {answer.status_code}")
    for link in page.links:
        if link.startswith("/") and client.get(link).status_code >= 400:
            found.append(f"{address}: {link}")
    return found


def close(scene: Scene) -> None:
    answer = send(scene.browser("trainer"), scene.address(f"{DESK}/acara"), aksi="tutup", yakin="ya")
    assert answer.status_code == 303


@pytest.mark.walk
@pytest.mark.parametrize(
    ("who", "rule"), [("trainer", rule) for rule in TRAINERS] + [("owner", rule) for rule in PARTICIPANTS]
)
def test_every_page_says_that_it_is_closed_and_has_no_dead_button(scene: Scene, who: str, rule: str) -> None:
    close(scene)
    client, address = scene.browser(who), scene.address(rule)
    answer = client.get(address)
    text = answer.get_data(as_text=True)
    assert answer.status_code in (200, 409)
    assert "ditutup" in re.sub(r"<[^>]+>", "", text.partition("<main")[2])
    assert refused(client, address, text) == []


def test_nobody_is_invited_or_asked_for_plans_any_more(scene: Scene) -> None:
    client = scene.browser("trainer")
    words = ((f"{DESK}/undangan", "Kami mengundang"), (f"{DESK}/rtl", "Mari tulis rencana"))
    assert all(said in client.page(scene.address(rule)) for rule, said in words)
    close(scene)
    assert not any(said in client.page(scene.address(rule)) for rule, said in words)


def test_what_was_open_before_is_refused_when_it_is_pressed_after(scene: Scene) -> None:
    address = scene.address(f"{DESK}/hadir/<id:meeting_id>?bagian=daftar")
    client = scene.browser("trainer")
    before = client.page(address)
    assert refused(client, address, before) == []
    close(scene)
    assert [line.rpartition(" ")[2] for line in refused(client, address, before)] == ["409"]
