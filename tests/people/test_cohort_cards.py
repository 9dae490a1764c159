"""The cards of a cohort: A4, eight a page with cut marks, by kecamatan and village, each readable by a phone."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pypdfium2  # type: ignore[import-untyped] # It brings no types.
import pytest
import zxingcpp
from werkzeug.test import TestResponse

from lms.db.engine import db, writing
from lms.db.tables import AuditEntry, Membership, Person
from lms.paper import child
from lms.paper.typesetting import TEMPLATES, pdf
from lms.people.actions import renew_card
from lms.people.cards import card_token
from lms.people.regions import villages
from tests.conftest import KEY, Cast, Client, Time, add_member, add_person, sign_in

CARD = re.compile(r"([0-9A-Z]{4}-){5}[0-9A-Z]{4}")
POINTS_A_MM = 72 / 25.4
# Of two kecamatan, in the order of their names and those of their villages.
HOMES = ("33.12.12.2005", "33.12.12.2001", "33.12.01.2001", "33.12.01.2003")


def ask(client: Client, cast: Cast, who: int | None = None, code: str = "B1MTEK") -> TestResponse:
    return sign_in(client, who or cast.trainer).send(f"/pelatih/{code}/kartu.pdf")


def add_people(cast: Cast, count: int) -> list[int]:
    people = [add_person(f"Peserta {'ABCDEFGHIJKLMNOP'[number]}") for number in range(count)]
    with writing():
        for number, person_id in enumerate(people):
            db.session.get_one(Person, person_id).region = HOMES[number % len(HOMES)]
    for person_id in people:
        add_member(person_id, cast.bimtek)
    return people


def text_of(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().replace("\u200b", "").split())


def test_eight_a_page_sorted_by_kecamatan_and_village(client: Client, cast: Cast) -> None:
    people = add_people(cast, 8)
    response = ask(client, cast)
    assert response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert 'filename="kartu-B1MTEK.pdf"' in response.headers["Content-Disposition"]
    document = pypdfium2.PdfDocument(response.data)
    assert [[round(side / POINTS_A_MM) for side in page.get_size()] for page in document] == [[210, 297]] * 2
    printed = [match[0].replace("-", "") for page in document for match in CARD.finditer(text_of(page))]
    assert len(printed) == 9

    def handed_out(person_id: int) -> tuple[str, str, str]:
        person = db.session.get_one(Person, person_id)
        village = villages()[person.region or ""]
        return village.district, village.name, person.name

    expected = sorted([cast.participant, *people], key=handed_out)
    assert printed == [card_token(KEY[::-1], person, 1) for person in expected]
    assert "lembar 1 dari 2" in text_of(document[0])
    assert "Berlaku sampai 24 Desember 2027" in text_of(document[0])


def test_every_code_is_read_back_as_the_card_it_belongs_to(client: Client, cast: Cast) -> None:
    add_people(cast, 7)
    page = pypdfium2.PdfDocument(ask(client, cast).data)[0]
    found = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    letters = {match[0].replace("-", "") for match in CARD.finditer(text_of(page))}
    assert len(letters) == 8
    assert {code.text for code in found} == {f"https://sinau.test/kartu#{token}" for token in letters}
    assert "width: 30mm" in (TEMPLATES / "people" / "_kartu.typ").read_text(encoding="utf-8")


def test_there_are_marks_to_cut_along(client: Client, cast: Cast) -> None:
    page = pypdfium2.PdfDocument(ask(client, cast).data)[0]
    picture = page.render(scale=4, grayscale=True).to_pil()
    # 2 mm outside the upper left corner of the first card, on its upper and on its left edge.
    left, top = (210 - 2 * 85.6 - 10) / 2, 30
    for x, y in ((left - 2, top), (left, top - 2)):
        spot = (round(x * POINTS_A_MM * 4), round(y * POINTS_A_MM * 4))
        around = picture.crop((spot[0] - 3, spot[1] - 3, spot[0] + 4, spot[1] + 4))
        darkest, lightest = around.getextrema()
        assert darkest < 160
        assert lightest == 255


def test_it_is_audited_and_changes_no_card(client: Client, cast: Cast) -> None:
    ask(client, cast)
    entry = db.session.query(AuditEntry).one()
    assert (entry.actor_id, entry.action, entry.object) == (cast.trainer, "kartu dicetak", f"cohort:{cast.bimtek}")
    assert db.session.get_one(Person, cast.participant).card_serial == 1


def test_a_card_that_has_run_out_is_renewed_before_it_is_printed(client: Client, cast: Cast, time: Time) -> None:
    time.forward(days=400)
    text = text_of(pypdfium2.PdfDocument(ask(client, cast).data)[0])
    match = CARD.search(text)
    assert match
    assert match[0].replace("-", "") == card_token(KEY[::-1], cast.participant, 2)
    assert client.send("/kartu", kode=match[0]).status_code == 200


def test_staff_who_left_and_who_only_tries_are_not_printed(client: Client, cast: Cast, time: Time) -> None:
    add_member(cast.admin, cast.bimtek)
    add_member(cast.other_trainer, cast.bimtek)
    add_member(cast.trainer, cast.bimtek)
    add_member(cast.stranger, cast.bimtek)
    with writing():
        left = db.session.query(Membership).filter_by(person_id=cast.stranger).one()
        left.left_at = time.now
    text = text_of(pypdfium2.PdfDocument(ask(client, cast).data)[0])
    assert len(CARD.findall(text)) == 1
    assert "Siti Aminah" in text


@pytest.mark.child
def test_the_pages_are_set_in_another_process(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.paper.typesetting.typst.Compiler", None)
    monkeypatch.setattr("lms.paper.typesetting.segno.make", None)
    assert ask(client, cast).data.startswith(b"%PDF")


def test_who_comes_while_others_print_is_told_when_to_come_back(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(child, "_at_once", threading.BoundedSemaphore(1))
    with child._at_once:
        response = ask(client, cast)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "3")
    assert db.session.query(AuditEntry).count() == 0


@pytest.mark.child
def test_a_print_that_takes_too_much_says_what_to_do(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.paper.printing.MEGABYTES", 80)
    response = ask(client, cast)
    assert response.status_code == 500
    assert "tunggu beberapa menit, lalu coba lagi" in response.get_data(as_text=True)
    assert db.session.query(AuditEntry).count() == 0


def test_a_template_is_found_below_its_folder_only() -> None:
    with pytest.raises(ValueError, match="below templates"):
        pdf("../tests/data/any.typ", {}, 0)


def test_nobody_else_prints_them(client: Client, cast: Cast) -> None:
    for who in (cast.other_trainer, cast.admin, cast.participant):
        assert ask(client, cast, who).status_code == 404
    assert db.session.query(AuditEntry).count() == 0


@pytest.mark.parametrize(("most", "said"), [(0, "paling banyak 0 kartu"), (9, "Belum ada peserta")])
def test_an_empty_and_a_huge_cohort_are_told_honestly(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, most: int, said: str, time: Time
) -> None:
    monkeypatch.setattr("lms.people.key_views.MOST_CARDS", most)
    if most:
        with writing():
            db.session.query(Membership).filter_by(
                person_id=cast.participant, cohort_id=cast.bimtek
            ).one().left_at = time.now
    response = ask(client, cast)
    assert response.status_code == 409
    assert said in response.get_data(as_text=True)


def test_many_cards_that_have_run_out_are_renewed_some_at_a_time(
    client: Client, cast: Cast, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = add_people(cast, 8)
    time.forward(days=400)
    sign_in(client, cast.trainer)
    writes: list[int] = []

    @contextmanager
    def counted() -> Iterator[None]:
        writes.append(0)
        with writing():
            yield

    def renewed(person_id: int, now: datetime) -> int:
        writes[-1] += 1
        return renew_card(person_id, now)

    monkeypatch.setattr("lms.people.key_views.writing", counted)
    monkeypatch.setattr("lms.people.key_views.RENEWED_AT_ONCE", 4)
    monkeypatch.setattr("lms.people.actions.renew_card", renewed)
    assert client.send("/pelatih/B1MTEK/kartu.pdf").status_code == 200
    assert writes == [4, 4, 1, 0]
    with writing():
        assert renewed(people[0], time.now) == 2  # It is good by now.
