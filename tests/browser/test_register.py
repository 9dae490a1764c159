"""The book of certificates on paper: eight columns across a landscape page, with every number in one piece."""

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from lms.certificate import actions
from lms.certificate.office import set_office
from lms.db.engine import db, writing
from lms.db.tables import NumberSeries
from lms.people import actions as accounts
from lms.web.clock import now
from lms.web.dates import ROMAN_MONTHS
from tests.browser.conftest import Phones, Site
from tests.browser.looking import faults
from tests.browser.quiz import give_session
from tests.certificate.samples import BIMTEK
from tests.certificate.test_take import OFFICE, draft_of
from tests.conftest import KEY, START, Cast

pytestmark = pytest.mark.browser

PATTERNS = ("400.9/{urut:03}/PSM/{bulan_romawi}/{tahun}", "400.9/{urut:03}/PSM-BIMTEK-DASAR/{bulan_romawi}/{tahun}")
TOLD = {name: getattr(BIMTEK, name) for name in ("name", "identity", "activity", "subjects", "predicate")}


@pytest.fixture
def device(site: Site) -> str:
    """The device of who keeps the book, in which two numbers stand, a usual one and a long one."""
    with site.app.app_context():
        cast = Cast()
        with writing():
            set_office(OFFICE, START)
        for person, pattern in zip((cast.participant, cast.other), PATTERNS, strict=True):
            with writing():
                db.session.query(NumberSeries).filter_by(kind="mandiri").update({"pattern": pattern})
            draft = draft_of(person)
            with writing():
                actions.issue(replace(draft, snapshot=replace(draft.snapshot, **TOLD)), KEY, START)
        with writing():
            return accounts.add_device(cast.admin, "Windows, Chrome", now()).id


def test_on_paper_a_number_stays_whole_or_goes_on_after_a_slash(site: Site, device: str, new_phone: Phones) -> None:
    desk = new_phone()
    give_session(desk, site, device)
    page = desk.new_page()
    page.goto(f"{site.url}/kelola/register?tahun={START.year}&cetak=1")
    (paper,) = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert paper.mediabox.width > paper.mediabox.height
    text = " ".join(paper.extract_text().split())
    year = f"{ROMAN_MONTHS[START.month - 1]}/{START.year}"
    assert f"400.9/001/PSM/{year}" in text
    assert re.search(rf"400\.9/ ?002/ ?PSM-BIMTEK-DASAR/ ?{year}", text), text
    for words in ("Keterangan", "Kecamatan", "predikat BAIK", BIMTEK.name):
        assert words in text


def test_between_phone_and_desk_the_table_scrolls_and_the_page_does_not(
    site: Site, device: str, new_phone: Phones
) -> None:
    desk = new_phone()
    give_session(desk, site, device)
    page = desk.new_page()
    page.set_viewport_size({"width": 760, "height": 900})
    page.goto(f"{site.url}/kelola/register?tahun={START.year}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("(box => box.scrollWidth > box.clientWidth)(document.querySelector('.book'))")
    assert list(faults(page)) == []
