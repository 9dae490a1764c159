"""A row of a list as a person: what is understood, what is doubtful and what is refused, each with its reason."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from lms.course.privacy import LONG_NUMBER, masked
from lms.people.doubles import Someone, likely_doubles, name_words, plain_words
from lms.people.names import with_titles
from lms.people.regions import villages
from lms.roster.fields import FIELDS
from lms.roster.places import district_of, find_villages, plain_place
from lms.roster.spelling import FROM_ABOVE, called_sex, part_name, read_phone, read_sex

State = Literal["siap", "ada", "ragu", "tolak", "lewati"]
LONGEST_POSITION = 80
MOST_TWINS = 5
NOBODY_ELSE = 10**9
"""The number of a row that no list has."""
NO_NAME = "nama kosong"
BAD_NAME = "nama memuat angka atau tanda yang bukan huruf Latin"
TWO_NAMES = "di belakang koma tampaknya ada nama lain, bukan gelar"
_NAMELIKE = re.compile(r"[^\W\d_]{5,}")
ACCOUNT_ENDED = "akun orang ini sudah dinonaktifkan"
FORGOTTEN = "orang dengan nama ini meminta datanya dihapus; bila ini orang lain, tambahkan lewat berkas baru"
NO_VILLAGE = "desa belum diisi; orangnya dapat mengisi sendiri"
UNKNOWN_VILLAGE = "desa tidak dikenal"
WHICH_VILLAGE = "desa mana?"
FILLED = "{} menurut baris di atasnya"
IN_FILE = "di berkas: “{}”"
SAME_ROW = "sama dengan {}, orang ke-{} di daftar ini"


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as a row tells of them; `villages` are those that may be meant, `twins` the people it may already be.

    A twin is the id of a person, or a row before this one as a negative number. What is asked stands open as long as
    one of both holds anything; `others` are people whom somebody said it is not. `told` is what a person should know,
    `fault` why the row can't be taken, `nobody` the kind of a line that is no person's.
    """

    name: str = ""
    before: str = ""
    after: str = ""
    region: str = ""
    phone: str = ""
    sex: str = ""
    position: str = ""
    asks_village: bool = False
    villages: tuple[str, ...] = ()
    twins: tuple[int, ...] = ()
    told: tuple[str, ...] = ()
    fault: str = ""
    is_person: int = 0
    skipped: bool = False
    others: tuple[int, ...] = ()
    nobody: str = ""

    @property
    def state(self) -> State:
        """The state of the row: new, known, doubtful, refused, or not to be taken."""
        if self.fault:
            return "tolak"
        if self.skipped or self.nobody:
            return "lewati"
        if self.asks_village or self.twins:
            return "ragu"
        return "ada" if self.is_person else "siap"


def read_row(cells: Sequence[str], fields: Sequence[str]) -> Listed:
    """The person in a row whose cells mean these fields."""
    said: dict[str, str] = {}
    for name, cell in zip(fields, cells, strict=False):
        if name and cell and not said.get(name):
            said[name] = cell
    above = [FIELDS[name] for name, cell in said.items() if cell.startswith(FROM_ABOVE) and name != "kecamatan"]
    district = said.get("kecamatan", "")
    said = {name: cell.removeprefix(FROM_ABOVE) for name, cell in said.items()}
    whole = ", ".join(filter(None, (said.get("nama"), said.get("gelar"))))
    parted, fault = part_name(whole), BAD_NAME if re.search(r"\w", said.get("nama", "")) else NO_NAME
    if parted and _NAMELIKE.search(parted[2]):
        parted, fault = None, TWO_NAMES
    phone, of_phone = read_phone(said.get("hp", ""))
    sex = read_sex(said.get("jk", "")) or ("L" if said.get("jk-l") else "P" if said.get("jk-p") else "")
    before, name, after = parted or ("", masked(whole)[:120], "")
    same = _letters(with_titles(before, name, after)) == _letters(whole)
    told = ["" if same or not parted else IN_FILE.format(masked(whole)), *map(FILLED.format, above), of_phone]
    told.append(IN_FILE.format(masked(said["jk"])) if said.get("jk") and not sex else "")
    found = Listed(
        name=name,
        before=before,
        after=after,
        phone=phone,
        sex=sex or called_sex(whole),
        position=LONG_NUMBER.sub("", said.get("jabatan", "")).strip(" ,;:/-")[:LONGEST_POSITION],
        told=tuple(filter(None, told)),
        fault="" if parted else fault,
    )
    return _with_village(found, said.get("desa", ""), district)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text).casefold()


def _with_village(person: Listed, village: str, district: str) -> Listed:
    if not village.strip(" -.0123456789"):
        return replace(person, told=(*person.told, NO_VILLAGE))
    named = district.removeprefix(FROM_ABOVE)
    codes, sure = find_villages(village, district_of(named))
    if not sure:
        words = WHICH_VILLAGE if codes else UNKNOWN_VILLAGE
        return replace(person, asks_village=True, villages=codes, told=(*person.told, f"{words} “{masked(village)}”"))
    told, found = [], villages()[codes[0]]
    if named != district and not find_villages(village, "")[1]:
        told.append(FILLED.format(FIELDS["kecamatan"]))
    elif named and plain_place(found.district) not in plain_place(named):
        told.append(IN_FILE.format(masked(named)))
    if plain_place(found.name) not in plain_place(village):
        told.append(IN_FILE.format(masked(village)))
    return replace(person, region=found.code, told=(*person.told, *told))


def judged(people: Sequence[Listed], known: Iterable[Someone], after: int = 0) -> list[Listed]:
    """Return the people, each with whom it may already be: somebody who is known, or a row before it.

    They are the rows of their list `after` so many; others of its rows are among the known, by negative numbers.
    Who is known by the same letters and village, with no other phone or L/P, is nobody new and is not asked about; a
    row is left out by itself only if it repeats name, village, phone and L/P of another.
    """
    here = {
        -number: someone(-number, person)
        for number, person in enumerate(people, after + 1)
        if not (person.fault or person.nobody)
    }
    there = {each.id: each for each in known}
    everybody = there | here
    found = list(people)
    for group in likely_doubles(everybody.values()):
        taken = [everybody[number] for number in sorted(group & there.keys())]
        for row in sorted(group & here.keys(), reverse=True):
            at = -row - after - 1
            found[at] = _beside(people[at], here[row], taken)
            taken += [] if found[at].skipped else [here[row]]
    return found


def someone(number: int, person: Listed) -> Someone:
    """Return what is compared of a row."""
    return Someone(number, person.name, person.region, person.phone, person.sex)


def _is_same(one: Someone, other: Someone) -> bool:
    if plain_words(one.name) != plain_words(other.name) or _differ(one, other):
        return False
    return one.region == other.region if one.region else bool(one.phone) and one.phone == other.phone


def _differ(one: Someone, other: Someone) -> bool:
    """Whether a phone or L/P speaks against their being the same."""
    told = (one.phone, other.phone), (one.sex, other.sex)
    return any(mine and theirs and mine != theirs for mine, theirs in told)


def may_be(person: Listed, other: Someone) -> bool:
    """Whether a row may be about somebody: by the same name, with nothing that speaks against it, or where it was taken
    for theirs or may still be."""
    me = someone(-NOBODY_ELSE, person)
    places = {*person.villages, me.region} - {""}
    near = not places or not other.region or other.region in places or (me.phone != "" and me.phone == other.phone)
    if near and name_words(me.name) == name_words(other.name) and not _differ(me, other):
        return True
    return other.id in person.twins or bool((person.skipped or person.twins) and likely_doubles([me, other]))


def _beside(person: Listed, me: Someone, others: Sequence[Someone]) -> Listed:
    """The person with who they surely are, or may be."""
    same = [other for other in others if _is_same(me, other)]
    rows = [other for other in same if other.id < 0]
    if again := [row.id for row in rows if me.phone and (row.phone, row.sex) == (me.phone, me.sex)]:
        return replace(person, skipped=True, told=(*person.told, SAME_ROW.format(person.name, -max(again))))
    if not rows and (surely := _surely(me, [other for other in same if other.id > 0])):
        return replace(person, is_person=surely)
    return replace(person, twins=tuple(sorted((other.id for other in others), reverse=True)[:MOST_TWINS]))


def _surely(me: Someone, known: Sequence[Someone]) -> int:
    """Return the one known person that this must be; 0 for nobody or when several may be meant."""
    exactly = [other for other in known if (other.name, other.phone) == (me.name, me.phone)]
    return (exactly or known)[0].id if len(known) == 1 or len(exactly) == 1 else 0


def known_by_now(people: Iterable[Listed], known: Iterable[Someone]) -> list[int]:
    """Return whom each of these new people has become known as since they were looked at, 0 for nobody.

    Nobody is two of them: those who were said to be two stay two.
    """
    known = list(known)
    found: list[int] = []
    for person in people:
        me = someone(-NOBODY_ELSE, person)
        surely = _surely(me, [other for other in known if other.id not in person.others and _is_same(me, other)])
        found.append(0 if surely in found else surely)
    return found


def with_choices(person: Listed, region: str | None, twin: int | None) -> Listed:
    """The person after somebody chose: a village ("" for none yet), and who it is (0: somebody new)."""
    if region is not None:
        person = replace(person, region=region, asks_village=False, villages=())
    if twin == 0:
        others = {*person.others, *person.twins, person.is_person} - {0}
        return replace(person, twins=(), is_person=0, skipped=False, others=tuple(sorted(others)))
    if twin in person.twins:
        return replace(person, twins=(), is_person=max(twin or 0, 0), skipped=(twin or 0) < 0)
    return person


def corrected(person: Listed, name: str, phone: str) -> Listed:
    """The person with a name typed anew, and a phone: "" for the one of before, "-" for none."""
    typed = read_row([name, phone], ["nama", "hp"])
    titled = replace(person, name=typed.name, before=typed.before, after=typed.after, fault=typed.fault, nobody="")
    sex, phone = person.sex or typed.sex, typed.phone if phone else person.phone
    return replace(titled, phone=phone, sex=sex, told=(), twins=(), is_person=0, skipped=False)


def as_kept(person: Listed) -> dict[str, Any]:
    """Return what is kept of a row: `listed` (what is unusual), its `state`, and the `person_id` they surely have."""
    listed = {name: value for name in Listed.__slots__ if (value := getattr(person, name))}
    return {"listed": listed, "state": person.state, "person_id": person.is_person or None}


def from_json(listed: Mapping[str, Any]) -> Listed:
    """The person whose `listed` went through JSON."""
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in listed.items()}
    return Listed(**fields)


def judge(payload: bytes) -> bytes:
    """For a child process, since ten thousand rows take a second: JSON of `rows` (cells, why nobody), `fields` and
    `known` (id, name, region, phone, L/P) becomes a list of what is kept of each."""
    told = json.loads(payload)
    people = [
        Listed(name=masked(cells[0])[:120], nobody=nobody) if nobody else read_row(cells, told["fields"])
        for cells, nobody in told["rows"]
    ]
    known = [Someone(*each) for each in told["known"]]
    return json.dumps([as_kept(person) for person in judged(people, known)]).encode()
