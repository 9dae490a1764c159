"""The book of what was issued in a year, or in all: certificates of this site, and numbers taken by hand."""

import json
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, Subquery, cast, false, func, literal, select, union, union_all

from lms.certificate.queries import IssuedSheet, sheets
from lms.certificate.spelling import bare
from lms.db.engine import read
from lms.db.labels import ERASED
from lms.db.tables import Certificate, Membership, NumberBlock, NumberSeries, Person
from lms.web.dates import WIB, tanggal

PAGE, PRINTED_PAGE = 50, 500
NOWHERE = "-"  # No bare text holds a sign.
HEADING = {
    "No urut": 8,
    "Nomor": 28,
    "Nama": 30,
    "Desa/Kecamatan": 34,
    "Kegiatan": 40,
    "JP": 6,
    "Tanggal": 18,
    "Keterangan": 30,
}
"""The office's columns, with their widths in a spreadsheet."""
_WORDS = {
    "berlaku": "berlaku",
    "menunggu": "menunggu tanda tangan",
    "diganti": "diganti revisi yang lebih baru",
    "dicabut": "dicabut",
    "ditolak": "ditolak: kunci tanda tangannya diakhiri",
}


RegisterLine = dict[str, Any]
"""A line of the book by column; its `token` leads to the public check of what this site issued."""

BLANK: RegisterLine = {**dict.fromkeys(("name", "village", "activity", "token"), ""), "jp": None, "day": None}
"""What a number taken by hand says of itself, and one whose owner was erased."""


def years(this_year: int) -> list[int]:
    """Every year that has a line, and this one; the newest first."""
    columns = (Certificate.year, NumberBlock.year)
    found = {row[0] for row in read(union(*(select(column) for column in columns)))}
    return sorted({year for year in found if year} | {this_year}, reverse=True)


def _listed(year: int | None, word: str) -> CompoundSelect[Any]:
    """(year, part, sequence, revision, source, key) of the lines of a year, or of all, that have all these words, in
    whatever order; signs alone are in none.
    """
    erased = select(Membership.id).join(Person, Person.id == Membership.person_id).where(Person.erased_at.is_not(None))
    issued: Select[*tuple[Any, ...]] = select(
        Certificate.year.label("year"),
        NumberSeries.kind.label("part"),
        Certificate.sequence.label("sequence"),
        Certificate.revision.label("revision"),
        literal("situs").label("source"),
        Certificate.id.label("key"),
    ).join(NumberSeries, NumberSeries.id == Certificate.series_id)
    issued = issued.where(Certificate.year == (year or Certificate.year))
    taken: Select[*tuple[Any, ...]] = select(
        *(NumberBlock.year, NumberSeries.kind, NumberBlock.first, literal(0)),
        *(literal("manual"), cast(NumberBlock.id, String)),
    ).join(NumberSeries, NumberSeries.id == NumberBlock.series_id)
    taken = taken.where(NumberBlock.year == (year or NumberBlock.year))
    if word:
        parts = [part[:40] for each in word.split() if (part := bare(each))][:8] or [NOWHERE]
        named = Certificate.membership_id.not_in(erased)
        # What stands between the two spaces is the number, by which also one who was erased is found.
        issued = issued.where(
            *(Certificate.sought.like(f"% %{part}% %") | named & Certificate.sought.contains(part) for part in parts)
        )
        number = int(word) if word.isascii() and word.isdigit() and len(word) < 7 else None
        taken = taken.where(NumberBlock.first <= number, NumberBlock.last >= number) if number else taken.where(false())
    return union_all(issued, taken)


def lines(year: int | None, word: str, page: int, each: int | None = PAGE) -> tuple[list[RegisterLine], int]:
    """(the lines of a page, or all of them; how many there are); as many statements however many lines."""
    listed = _listed(year, word.strip()).subquery()
    count = read(select(func.count()).select_from(listed)).scalar_one()
    order = (listed.c.year.desc(), listed.c.part, listed.c.sequence, listed.c.revision, listed.c.key)
    wanted = select(listed).order_by(*order)
    if each is not None:
        wanted = wanted.limit(each).offset((page - 1) * each)
    shown = read(wanted).all()
    keys = wanted.subquery()
    issued = sheets(Certificate.id.in_(_keys(keys, "situs")), checked=False)
    found = {("situs", each.id): _line_of(each) for each in issued}
    found |= _taken(keys)
    first = (page - 1) * (each or 0) + 1
    return [
        {"place": place, **BLANK, **found[row.source, row.key]}
        for place, row in enumerate(shown, start=first)
        if (row.source, row.key) in found
    ], count


def _keys(keys: Subquery, source: str) -> Select[str]:
    return select(keys.c.key).where(keys.c.source == source)


def _line_of(sheet: IssuedSheet) -> RegisterLine:
    facts = sheet.snapshot
    revision = f"revisi {facts.revision}" if facts.revision else ""
    words = f"berlaku mulai {tanggal(sheet.ahead)}" if sheet.ahead else _WORDS[sheet.state]
    if sheet.state == "dicabut" and (ended := sheet.ended):
        words = f"dicabut {tanggal(ended.at.astimezone(WIB))}" + (f": {ended.reason}" if ended.reason else "")
    role = "" if facts.is_learnt else facts.role.lower()
    predicate = f"predikat {facts.predicate}" if facts.predicate else ""
    note = ", ".join(filter(None, (role, predicate, revision, words)))
    line: RegisterLine = {"number": facts.number or "", "note": note, "token": facts.token}
    line |= {"activity": facts.activity, "day": facts.issued_on, "jp": facts.total_jp or None}
    if sheet.is_nameless:
        return line | {"name": ERASED}
    return line | {"name": facts.name, "village": _village(facts.identity)}


def _village(identity: str) -> str:
    """Return the village named after the person's identity: Desa Sumberagung, Kecamatan Pracimantoro."""
    places = [place for word in ("Desa ", "Kelurahan ") if (place := identity.find(word)) >= 0]
    return identity[min(places) :] if places else identity


def _taken(keys: Subquery) -> dict[tuple[str, str], RegisterLine]:
    key = cast(NumberBlock.id, String)
    found = select(key.label("key"), NumberBlock.first, NumberBlock.last, NumberBlock.reason)
    return {
        ("manual", row.key): {
            "number": f"{row.first}" if row.first == row.last else f"{row.first} sampai {row.last}",
            "note": f"diambil manual: {row.reason}",
        }
        for row in read(found.where(key.in_(_keys(keys, "manual"))))
    }


def _cells(line: RegisterLine) -> list[str | int | None]:
    """What stands under the office's columns."""
    day = line["day"].isoformat() if line["day"] else None
    return [line[name] for name in ("place", "number", "name", "village", "activity")] + [line["jp"], day, line["note"]]


def workbook_of(year: int | None, word: str, today: date) -> tuple[bytes, int]:
    """(what a child process makes a spreadsheet of; how many lines) of a whole year, or of all."""
    found, count = lines(year, word, 1, None)
    name = str(year or "semua tahun")
    title = f"Buku register sertifikat {name}"
    sheet: dict[str, Any] = {"name": name, "title": f"{title}, per {tanggal(today)}", "heading": list(HEADING.items())}
    sheet |= {"dated": [list(HEADING).index("Tanggal")], "rows": [_cells(line) for line in found]}
    made = f"{today.isoformat()}T00:00:00"
    return json.dumps({"title": title, "made": made, "sheets": [sheet]}).encode(), count
