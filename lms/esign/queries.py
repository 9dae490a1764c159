"""Reads of sheets that are signed electronically, and the judgement of a file that came back."""

import json
import tomllib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from sqlalchemy import select

from lms.certificate import queries as certificates
from lms.certificate import snapshot as core
from lms.certificate.queries import IssuedSheet
from lms.db.engine import read
from lms.db.tables import Certificate, HandedSheet, SignedSheet, TrustedCertificate
from lms.esign.signing import MOST_BYTES, same_person
from lms.paper.child import ChildFailed, run
from lms.people.signatory import Signatory
from lms.web.crockford import grouped, normalise
from lms.web.dates import waktu

AT_ONCE = 40
SECONDS, SECONDS_ALONE, MEGABYTES = 60.0, 10.0, 500
MOST_FAILING = 3
WORDS: dict[str, str] = tomllib.loads((Path(__file__).parent / "hasil.toml").read_text(encoding="utf-8"))
"""What became of a file -> the sentence its sender reads."""
KEPT = ("tersimpan", "sudah")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on a file and its `sheet`; with `certificate_id` it may be kept, `said` goes into its history."""

    outcome: str
    who: str = ""
    certificate_id: str = ""
    said: str = ""
    sheet: str = ""

    @property
    def words(self) -> str:
        """The sentence."""
        return WORDS[self.outcome].format(self.who.removesuffix("."))


def signed_file(certificate_id: str) -> bytes | None:
    """The PDF of a certificate as it came back signed."""
    return read(select(SignedSheet.data).where(SignedSheet.certificate_id == certificate_id)).scalar()


def trusted() -> dict[str, list[tuple[str, bytes]]]:
    """Role -> fingerprint and bytes of what the office trusts now."""
    columns = (TrustedCertificate.role, TrustedCertificate.fingerprint, TrustedCertificate.data)
    found: dict[str, list[tuple[str, bytes]]] = {"akar": [], "antara": [], "pejabat": []}
    for role, fingerprint, data in read(select(*columns).where(TrustedCertificate.removed_at.is_(None))):
        found[role].append((fingerprint, data))
    return found


def drawings(packed: IO[bytes]) -> list[str]:
    """Return what each PDF of a ZIP of ours draws, in order. Children read some at a time; the file is rewound."""
    found: list[str] = []
    with ZipFile(packed) as whole:
        names = whole.namelist()
        for start in range(0, len(names), AT_ONCE):
            part = BytesIO()
            with ZipFile(part, "w") as few:
                for name in names[start : start + AT_ONCE]:
                    few.writestr(name, whole.read(name))
            told = run("drawings", part.getvalue(), seconds=120, megabytes=MEGABYTES)
            found += json.loads(told)
    packed.seek(0)
    return found


def judged(files: Sequence[bytes], cohort_id: int, now: datetime) -> list[Verdict]:
    """Judge each file; nothing is written. Children read them, a few at a time."""
    known = trusted()
    found = [
        fact
        for start in range(0, len(files), AT_ONCE)
        for fact in _looked_at(files[start : start + AT_ONCE], known, now)
    ]
    codes = {code for fact in found for each in fact["codes"] if (code := normalise(each, core.CODE_LETTERS))}
    named = certificates.sheets(Certificate.short_code.in_(codes), checked=False)
    sheets = {each.snapshot.short_code: each for each in named}
    drawn = select(HandedSheet.certificate_id, HandedSheet.drawn)
    drawn = drawn.where(HandedSheet.certificate_id.in_([each.id for each in named]))
    handed = {(each, said) for each, said in read(drawn)}
    pinned = {fingerprint for fingerprint, _ in known["pejabat"]}
    return [_judged(fact, sheets, handed, pinned, cohort_id) for fact in found]


def _looked_at(files: Sequence[bytes], known: Mapping[str, Sequence[Any]], now: datetime) -> list[dict[str, Any]]:
    """Return what the child says; files over which it fails are tried alone, so that the others are read."""
    if any(len(data) > MOST_BYTES for data in files):
        small = iter(_looked_at([data for data in files if len(data) <= MOST_BYTES], known, now))
        return [next(small) if len(data) <= MOST_BYTES else _unread("besar") for data in files]
    if not files:
        return []
    told: dict[str, Any] = {"files": [_text(data) for data in files], "now": now.isoformat()}
    told["roots"] = [_text(data) for _, data in known["akar"]]
    told["others"] = [_text(data) for role in ("antara", "pejabat") for _, data in known[role]]
    try:
        seconds = SECONDS if len(files) > 1 else SECONDS_ALONE
        answer = run("looked_at", json.dumps(told).encode(), seconds=seconds, megabytes=MEGABYTES)
        facts: list[dict[str, Any]] = json.loads(answer)
    except ChildFailed:
        if len(files) == 1:
            return [_unread("gagal")]
        facts = []
        for data in files:
            failed = sum(fact["fault"] == "gagal" for fact in facts)
            facts += _looked_at([data], known, now) if failed < MOST_FAILING else [_unread("sisa")]
    return facts


def _unread(fault: str) -> dict[str, Any]:
    return {"fault": fault, "codes": [], "drawn": "", "signers": []}


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _judged(
    fact: Mapping[str, Any],
    sheets: Mapping[str, IssuedSheet],
    handed: set[tuple[str, str]],
    pinned: set[str],
    cohort_id: int,
) -> Verdict:
    """By the code on the page it is one of ours, by what it draws it is unchanged, by its signatures it is signed."""
    if fact["fault"] in ("bukan", "besar", "terkunci", "gagal", "sisa") or (
        fact["fault"] == "rusak" and not fact["codes"]
    ):
        return Verdict(fact["fault"])
    mine = next((sheets[code] for each in fact["codes"] if (code := each.replace("-", "")) in sheets), None)
    if mine is None:
        return Verdict("nomor")
    if mine.cohort_id != cohort_id:
        return Verdict("angkatan")
    verdict = _signed(fact, mine, handed, pinned)
    return replace(verdict, sheet=f"{mine.snapshot.name}, {core.number_line(mine.snapshot)}")


def _signed(fact: Mapping[str, Any], mine: IssuedSheet, handed: set[tuple[str, str]], pinned: set[str]) -> Verdict:
    """Judge a file that is this sheet by its code."""
    if mine.snapshot.signing != core.TTE or fact["fault"]:
        return Verdict(fact["fault"] or "basah")
    if (mine.id, fact["drawn"]) not in handed:
        return Verdict("isi")
    expected = [each for each in (mine.snapshot.signer, mine.snapshot.second_signer) if each]
    missing = [each for each in expected if not any(_is_by(one, each, pinned) for one in fact["signers"])]
    if missing:
        return Verdict("orang" if len(missing) == len(expected) else "kurang", missing[0].name)
    return Verdict("tersimpan", certificate_id=mine.id, said=" ".join(map(_said, fact["signers"]))[:500])


def _is_by(signature: Mapping[str, str], expected: Signatory, pinned: set[str]) -> bool:
    """By name, by NIP, or because the office put its trust in this very certificate.

    The same roots vouch for every official of the country, so a valid signature alone says nothing.
    """
    nip = "".join(filter(str.isdigit, expected.nip))
    by_nip = bool(nip) and "".join(filter(str.isdigit, signature["serial"])) == nip
    return by_nip or signature["fingerprint"] in pinned or same_person(signature["name"], expected.name)


def _said(signature: Mapping[str, str]) -> str:
    when = waktu(datetime.fromisoformat(signature["at"])) if signature["at"] else "waktunya tidak disebut"
    source = "menurut stempel waktu" if signature["proven"] else "menurut penanda tangan"
    chain = grouped(signature["chain"][:16].upper())
    return f"Oleh {signature['name'][:120]}, {when} {source}, rantai {chain}."
