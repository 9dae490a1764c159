"""A room that can be taken out: without its folder the site starts, and no page leads to what is gone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lms.boot.app import REMOVABLE
from lms.db.settings import ROOT

pytestmark = pytest.mark.walk

ASK = """
import re, sys
from pathlib import Path
from lms.boot.app import create_app
from tests.frozen.site import Phone, addresses, opened
GONE = re.compile(r'(?:href|action)="[^"]*(/kelola/rantai|/sertifikat/tte)"')
rules = addresses()
with opened(Path(sys.argv[1])) as app:
    here = {rule.rule for rule in app.url_map.iter_rules()}
    for who in ("nobody", "owner", "trainer", "admin"):
        phone = Phone(app, who)
        for address, rule in rules.items():
            if rule in here and not rule.startswith("/static"):
                answer = phone.ask(address)
                if answer.status_code >= 500:
                    print(who, address, answer.status_code)
                elif answer.status_code == 200 and answer.mimetype == "text/html":
                    print("200", address) if who == "trainer" and address.endswith("/sertifikat") else None
                    if GONE.search(answer.get_data(as_text=True)) and "menunggu tanda tangan" not in answer.text:
                        print(who, address, "leads nowhere")
    print("pages", sum(rule in here for rule in rules.values()), "of", len(rules))
"""


def without(rooms: tuple[str, ...], folder: Path) -> str:
    """What a site without these rooms says of itself."""
    for name in ("lms", "templates", "static", "courses", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("browser", "served"))
    for room in rooms:
        shutil.rmtree(folder / "lms" / room)
        shutil.rmtree(folder / "templates" / room)
    found = subprocess.run(
        [sys.executable, "-c", ASK, str(folder / "data")],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout + found.stderr


@pytest.mark.parametrize("room", REMOVABLE)
def test_without_it_every_other_page_still_opens(room: str, tmp_path: Path) -> None:
    *lines, last = without((room,), tmp_path).splitlines()
    opened, there = (int(word) for word in last.split() if word.isdigit())
    assert 0 < opened < there
    assert lines
    assert [line for line in lines if not line.startswith("200 ")] == []


def test_a_room_that_others_rest_on_can_not_be_taken_out(tmp_path: Path) -> None:
    assert "ModuleNotFoundError: No module named 'lms.quiz'" in without(("quiz",), tmp_path)
