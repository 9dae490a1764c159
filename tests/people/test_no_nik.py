"""Nobody is ever asked for a NIK: no form has a field for it, and whoever types one is told kindly."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lms.course.privacy import NO_NIK, has_nik
from lms.db.settings import ROOT
from tests.conftest import Cast, Client, sign_in

NIK = "3312012505800001"
FIELD = re.compile(r"<(?:input|select|textarea|label|legend)\b[^>]*>[^<]*|\bfield\([^)]*\)", re.IGNORECASE)
ASKS = re.compile(r"\b(nik|no(?:mor|\.)? ?(?:ktp|kk|induk)|ktp|kartu keluarga)\b", re.IGNORECASE)
# “Seperti di KTP” says how to spell a name.
SPELLING = re.compile(r"[Ss]eperti di KTP")


def asking(files: Mapping[str, str]) -> Iterator[str]:
    """Fields and labels of templates that ask for a NIK or a card that bears one."""
    for path, source in files.items():
        for match in FIELD.finditer(source):
            if ASKS.search(SPELLING.sub("", match[0])):
                yield f"{path}: {match[0][:80]}"


def all_forms() -> dict[str, str]:
    paths: list[Path] = [*(ROOT / "templates").rglob("*.html")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


def test_no_form_has_a_field_for_it() -> None:
    forms = all_forms()
    assert sum(len(FIELD.findall(source)) for source in forms.values()) > 40
    assert list(asking(forms)) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<label for="x">NIK</label>',
        '<input name="nik">',
        '{{ field("ktp", "Nomor KTP") }}',
        "<legend>Kartu keluarga</legend>",
    ],
)
def test_a_form_that_asks_for_it_is_red(planted: str) -> None:
    assert list(asking({"a.html": planted})) != []


def test_no_bundled_form_asks_for_the_whole_number() -> None:
    """Practice forms of the courses have fields too; labels are what they ask by."""
    labels = [
        (path.name, line)
        for path in (ROOT / "courses").rglob("*.toml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(nama|label|judul|teks)\s*=", line)
    ]
    assert len(labels) > 20
    assert [found for found in labels if ASKS.search(SPELLING.sub("", found[1]))] == []


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("/saya/perbaiki", "nama"),
        ("/saya/perbaiki", "gelar_depan"),
        ("/saya/perbaiki", "gelar_belakang"),
        ("/saya/perbaiki", "hp"),
        ("/ikut/B1MTEK", "nama"),
        ("/ikut/B1MTEK", "hp"),
    ],
)
def test_whoever_types_one_is_told_kindly_and_it_is_not_kept(client: Client, cast: Cast, page: str, field: str) -> None:
    if page.startswith("/saya"):
        sign_in(client, cast.participant)
    form = {"nama": "Siti Aminah", "desa": "33.12.01.2001", "formulir": "f" * 20}
    response = client.send(page, **{**form, field: NIK})
    assert response.status_code == 422
    assert NO_NIK in response.get_data(as_text=True)


def test_the_words_are_kind_and_say_what_to_do() -> None:
    assert "tidak pernah kami minta" in NO_NIK
    assert "Hapus angkanya" in NO_NIK
    assert has_nik(NIK)
    assert not has_nik(NO_NIK)
