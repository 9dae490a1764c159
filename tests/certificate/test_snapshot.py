import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificate import snapshot as cert
from lms.people.signatory import signer_lines
from tests.certificate.samples import BIMTEK, ONLINE

PRIVATE = bytes(range(32))
PUBLIC = cert.public_key(PRIVATE)
FULL = "{klasifikasi}/{urut:03}/{kode}/{bulan_romawi}/{tahun}"
DAY = date(2026, 6, 16)


def mutations(value: Any) -> Iterator[Any]:
    """The same JSON value with exactly one of its leaves, keys or rows changed, for each of them."""
    if isinstance(value, dict):
        for key in value:
            yield {other: part for other, part in value.items() if other != key}
            yield from ({**value, key: changed} for changed in mutations(value[key]))
    elif isinstance(value, list):
        yield [*value, *value[:1]] if value else ["x"]
        for index, part in enumerate(value):
            yield value[:index] + value[index + 1 :]
            yield from ([*value[:index], changed, *value[index + 1 :]] for changed in mutations(part))
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    else:
        yield f"{value or ''}x"


def dump(data: object) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_hours_are_added_from_the_subjects() -> None:
    assert (BIMTEK.online_jp, BIMTEK.hall_jp, BIMTEK.total_jp) == (5, 7, 12)
    assert [subject.total_jp for subject in BIMTEK.subjects] == [2, 2, 3, 2, 3]


@pytest.mark.parametrize("snapshot", [BIMTEK, ONLINE, replace(BIMTEK, number=None, evidence={})])
def test_a_snapshot_survives_json(snapshot: cert.Snapshot) -> None:
    assert cert.Snapshot.from_dict(json.loads(json.dumps(snapshot.to_dict()))) == snapshot
    assert cert.Snapshot.from_dict(json.loads(cert.canonical(snapshot))) == snapshot


def test_a_snapshot_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 2"):
        cert.Snapshot.from_dict(BIMTEK.to_dict() | {"version": 2})


def test_the_same_facts_give_the_same_bytes_whatever_their_order() -> None:
    turned = dict(reversed(BIMTEK.to_dict().items()))
    turned["evidence"] = dict(reversed(BIMTEK.evidence.items()))
    assert cert.canonical(cert.Snapshot.from_dict(turned)) == cert.canonical(BIMTEK)


def test_canonical_bytes_are_compact_utf_8_with_sorted_keys() -> None:
    text = cert.canonical(replace(BIMTEK, name="SITI ĆOŠÖ")).decode()
    assert "SITI ĆOŠÖ" in text
    assert '"starts_on":"2026-06-09"' in text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert dump(json.loads(text)).decode() == text


@pytest.mark.parametrize("evidence", [{"nilai": 82.5}, {"tes": [{"nilai": float("nan")}]}, {1: "satu"}])
def test_facts_that_could_be_written_two_ways_are_refused(evidence: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="certificate"):
        cert.canonical(replace(BIMTEK, evidence=evidence))


def test_a_signature_holds_for_what_was_signed() -> None:
    payload = cert.canonical(BIMTEK)
    signature = cert.sign(PRIVATE, payload)
    assert len(signature) == 64
    assert cert.verify(PUBLIC, payload, signature)


def test_every_changed_field_is_noticed() -> None:
    signature = cert.sign(PRIVATE, cert.canonical(BIMTEK))
    changed = [dump(data) for data in mutations(json.loads(cert.canonical(BIMTEK)))]
    assert len(changed) > 100
    assert not any(cert.verify(PUBLIC, payload, signature) for payload in changed)


def test_every_changed_byte_is_noticed() -> None:
    payload = cert.canonical(BIMTEK)
    signature = cert.sign(PRIVATE, payload)
    for place in range(len(signature)):
        for flip in (0x01, 0x80, 0xFF):
            forged = bytearray(signature)
            forged[place] ^= flip
            assert not cert.verify(PUBLIC, payload, bytes(forged))
    for place in range(len(payload)):
        forged = bytearray(payload)
        forged[place] ^= 0x01
        assert not cert.verify(PUBLIC, bytes(forged), signature)


def test_another_key_signs_nothing_of_ours() -> None:
    payload = cert.canonical(BIMTEK)
    other = cert.new_key()
    assert not cert.verify(PUBLIC, payload, cert.sign(other, payload))
    assert cert.verify(cert.public_key(other), payload, cert.sign(other, payload))


@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(max_size=80))
def test_rubbish_is_refused_without_an_error(public: bytes, payload: bytes, signature: bytes) -> None:
    assert cert.verify(public, payload, signature) is False
    assert cert.verify(PUBLIC, payload, signature) is False


def test_a_key_id_names_one_key() -> None:
    assert cert.key_id(PUBLIC) == cert.key_id(PUBLIC)
    assert len(cert.key_id(PUBLIC)) == 16
    assert cert.key_id(PUBLIC) != cert.key_id(cert.public_key(cert.new_key()))


def test_a_short_code_has_twelve_letters_and_comes_back() -> None:
    code = cert.short_code(bytes(range(8)))
    assert len(code) == 12
    assert cert.normalise_code(f"{code[:4]}-{code[4:8]} {code[8:].lower()}") == code
    assert cert.normalise_code("bukan kode") is None


def test_the_number_follows_the_pattern() -> None:
    assert cert.format_number(FULL, 27, "PSM-BIMTEK", "400.9", DAY) == "400.9/027/PSM-BIMTEK/VI/2026"
    assert cert.format_number("{urut}/{tahun}", 1234, "", "", DAY) == "1234/2026"
    assert cert.format_number("{urut:03}/{tahun}", 1234, "", "", DAY) == "1234/2026"
    assert cert.format_number("{urut:05}/{tahun}", 7, "", "", DAY) == "00007/2026"


def test_what_the_office_writes_is_never_read_as_a_pattern() -> None:
    assert cert.format_number("{kode}/{urut}/{tahun}", 1, "{urut}{klasifikasi}", "x", DAY) == (
        "{urut}{klasifikasi}/1/2026"
    )


def test_a_good_pattern_has_no_faults() -> None:
    assert cert.check_pattern(FULL) == []


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("{urut}/{bulan}/{tahun}", "{bulan} tidak dikenal"),
        ("{urut}/{tahun}/{kode.__class__}", "{kode.__class__} tidak dikenal"),
        ("{urut!r}/{urut}/{tahun}", "{urut!r} tidak dikenal"),
        ("{urut:>999999999}/{urut}/{tahun}", "tidak dikenal"),
        ("{}/{urut}/{tahun}", "{} tidak dikenal"),
        ("{0}/{urut}/{tahun}", "{0} tidak dikenal"),
        ("{urut}/{tahun}{", "tidak berpasangan"),
        ("{{urut}}/{urut}/{tahun}", "tidak berpasangan"),
        ("{kode}/{tahun}", "Nomor urut belum ada"),
        ("", "Nomor urut belum ada"),
        ("{urut}/{kode}", "Tahun belum ada"),
        ("{urut}/{tahun}" + "x" * 100, "terlalu panjang"),
        ("{urut}/\n{tahun}", "tidak tercetak"),
    ],
)
def test_each_fault_of_a_pattern_is_named_and_stops_numbering(pattern: str, word: str) -> None:
    assert any(word in fault for fault in cert.check_pattern(pattern))
    with pytest.raises(ValueError, match="cannot number"):
        cert.format_number(pattern, 1, "PSM", "400.9", DAY)


def test_all_faults_are_told_at_once() -> None:
    assert len(cert.check_pattern("{nomor}/{x}")) == 4


@pytest.mark.parametrize("seq", [0, -1])
def test_counting_starts_at_one(seq: int) -> None:
    with pytest.raises(ValueError, match="cannot number"):
        cert.format_number(FULL, seq, "PSM", "400.9", DAY)


@pytest.mark.parametrize(
    ("sample", "events", "expected"),
    [
        (False, ["issued"], "berlaku"),
        (False, ["issued", "replaced"], "diganti"),
        (False, ["issued", "revoked"], "dicabut"),
        (False, ["issued", "replaced", "revoked"], "dicabut"),
        (False, ["issued", "revoked", "replaced"], "dicabut"),
        (True, ["issued"], "contoh"),
        (True, ["issued", "revoked"], "contoh"),
    ],
)
def test_the_state_follows_from_the_events(sample: bool, events: list[str], expected: str) -> None:
    assert cert.state(sample, events) == expected


@pytest.mark.parametrize(
    ("sample", "events", "expected"),
    [
        (False, ["issued"], "ditolak"),
        (False, ["issued", "replaced"], "diganti"),
        (False, ["issued", "revoked"], "dicabut"),
        (True, ["issued"], "contoh"),
    ],
)
def test_what_would_hold_is_refused_without_its_key(sample: bool, events: list[str], expected: str) -> None:
    assert cert.state(sample, events, believed=False) == expected


@pytest.mark.parametrize("events", [[], ["revoked"], ["issued", "lost"], ["issued", "issued"]])
def test_a_history_that_cannot_be_is_refused(events: list[str]) -> None:
    with pytest.raises(ValueError, match="no history"):
        cert.state(False, events)


def test_the_sentence_says_where_when_how_and_how_long() -> None:
    assert cert.sentence(BIMTEK) == [
        "yang diselenggarakan oleh Dinas Sosial Kabupaten Wonogiri di Pendopo Kecamatan Pracimantoro",
        "pada hari Selasa, 9 Juni 2026, secara daring mandiri dan tatap muka,",
        "dengan beban belajar seluruhnya 12 (dua belas) jam pelajaran",
        "dan predikat BAIK.",
    ]
    assert cert.sentence(ONLINE) == [
        "yang diselenggarakan oleh Dinas Sosial Kabupaten Wonogiri",
        "pada tanggal 4 s.d. 21 Mei 2026, secara daring mandiri,",
        "dengan beban belajar seluruhnya 5 (lima) jam pelajaran.",
    ]


def test_an_acting_signer_stands_in_one_line_and_a_deputy_in_two() -> None:
    signer = BIMTEK.signer
    assert signer_lines(signer) == ["Kepala Dinas Sosial Kabupaten Wonogiri,"]
    assert signer_lines(replace(signer, on_behalf="Plt.")) == ["Plt. Kepala Dinas Sosial Kabupaten Wonogiri,"]
    assert signer_lines(replace(signer, title="Sekretaris", on_behalf="a.n. Kepala Dinas Sosial")) == [
        "a.n. Kepala Dinas Sosial",
        "Sekretaris,",
    ]


def test_a_title_may_have_a_second_line_and_a_stroke_within_a_word_begins_none() -> None:
    signer = replace(BIMTEK.signer, title="Kepala Dinas Sosial / Kabupaten Wonogiri", on_behalf="Plt.")
    assert signer_lines(signer) == ["Plt. Kepala Dinas Sosial", "Kabupaten Wonogiri,"]
    assert signer_lines(replace(signer, on_behalf="a.n. Bupati")) == [
        "a.n. Bupati",
        "Kepala Dinas Sosial",
        "Kabupaten Wonogiri,",
    ]
    assert signer_lines(replace(signer, title="Kepala UPT/Balai", on_behalf="")) == ["Kepala UPT/Balai,"]


def test_who_spoke_or_helped_learnt_no_hours() -> None:
    spoke = replace(BIMTEK, role="NARASUMBER", subjects=(cert.Subject("Satu", "", 0, 2),), predicate="")
    assert cert.sentence(spoke)[-1] == "dengan materi yang dibawakan seluruhnya 2 (dua) jam pelajaran."
    assert cert.sentence(replace(spoke, role="PANITIA", subjects=()))[-1].endswith(
        "secara daring mandiri dan tatap muka."
    )
    assert cert.sentence(replace(BIMTEK, subjects=(), predicate=""))[-1].endswith("0 (nol) jam pelajaran.")
    assert [each.is_learnt for each in (BIMTEK, spoke)] == [True, False]


@pytest.mark.parametrize(
    ("last", "when"),
    [
        (date(2026, 6, 9), "pada hari Selasa, 9 Juni 2026,"),
        (date(2026, 6, 11), "pada tanggal 9 s.d. 11 Juni 2026,"),
        (date(2026, 7, 1), "pada tanggal 9 Juni s.d. 1 Juli 2026,"),
    ],
)
def test_days_are_written_in_words_as_one_or_as_a_range(last: date, when: str) -> None:
    assert cert.sentence(replace(BIMTEK, ends_on=last))[1].startswith(when)


def test_scores_are_signed_where_there_are_any_and_change_no_older_bytes() -> None:
    old = json.loads(cert.canonical(BIMTEK))
    assert not {"scores", "second_signer"} & set(old)
    assert cert.canonical(cert.Snapshot.from_dict(old)) == cert.canonical(BIMTEK)
    scored = replace(BIMTEK, scores=(("Tes awal", "45"), ("Tes akhir", "–")))
    assert cert.snapshot_of(cert.canonical(scored)) == scored
    assert cert.canonical(scored) != cert.canonical(replace(BIMTEK, scores=(("Tes awal", "46"), ("Tes akhir", "–"))))
    assert cert.printed_texts(scored)["Tes awal"] == "45"


def test_bytes_that_were_signed_before_there_were_scores_are_those_of_today() -> None:
    """The hash is of what the program made of these facts when it first issued."""
    assert (
        hashlib.sha256(cert.canonical(BIMTEK)).hexdigest()
        == "f10a2589b36125627db4b9c33df88d6af4a511e149c2d3428506eb525c98a50d"
    )


def test_the_number_line_shows_a_revision_or_a_dash() -> None:
    assert cert.number_line(BIMTEK) == "400.9/027/PSM-BIMTEK/2026"
    assert cert.number_line(replace(BIMTEK, revision=1)) == "400.9/027/PSM-BIMTEK/2026 (revisi 1)"
    assert cert.number_line(replace(BIMTEK, number=None)) == "–"


def test_printed_texts_hold_every_text_of_the_sheet_and_nothing_secret() -> None:
    texts = cert.printed_texts(BIMTEK)
    printed = "\n".join(texts.values())
    for part in (BIMTEK.name, BIMTEK.identity, BIMTEK.signer.nip, "16 Juni 2026", BIMTEK.legal_basis):
        assert part in printed
    assert texts["Materi 5"] == BIMTEK.subjects[4].title
    assert BIMTEK.token not in printed
    assert "posttest" not in printed


def test_the_register_of_the_sheet_is_that_of_a_sertifikat() -> None:
    words = "\n".join(cert.printed_texts(BIMTEK).values()).lower()
    assert "sttp" not in words
    assert "lulus" not in words
