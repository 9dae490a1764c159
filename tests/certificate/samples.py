"""Two certificates as plain values: one of a bimtek with a hall, one of self-study."""

from dataclasses import replace
from datetime import date

from lms.certificate.snapshot import Snapshot, Subject
from lms.people.signatory import IssuingOffice, Signatory

BIMTEK = Snapshot(
    token="5XK2M8QW0RZT4BVC9HNE7JDA",
    short_code="7K2MQW0RZT4B",
    sample=False,
    number="400.9/027/PSM-BIMTEK/2026",
    revision=0,
    name="SITI AMINAH, S.Pd.",
    name_note="",
    identity="Pekerja Sosial Masyarakat Desa Sumberagung, Kecamatan Pracimantoro",
    role="PESERTA",
    activity="Bimbingan Teknis Dasar Pekerja Sosial Masyarakat Tahun 2026",
    organiser="Dinas Sosial Kabupaten Wonogiri",
    starts_on=date(2026, 6, 9),
    ends_on=date(2026, 6, 9),
    place="Pendopo Kecamatan Pracimantoro",
    mode="daring mandiri dan tatap muka",
    subjects=(
        Subject("Konsep dasar Pekerja Sosial Masyarakat", "Dra. Endang Lestari, M.Si.", 1, 1),
        Subject("Kerelawanan sosial", "Bambang Sutrisno, S.Sos.", 1, 1),
        Subject("Bantuan sosial: sembako, PBI-JK, dan PKH", "Ratna Wulandari, S.ST.", 1, 2),
        Subject("Ikatan Pekerja Sosial Masyarakat (IPSM)", "Sugeng Riyadi", 1, 1),
        Subject("Asesmen: pendekatan awal dan jarak jauh", "Ratna Wulandari, S.ST.", 1, 2),
    ),
    predicate="BAIK",
    issued_on=date(2026, 6, 16),
    issued_place="Wonogiri",
    office=IssuingOffice(
        government="PEMERINTAH KABUPATEN WONOGIRI",
        name="DINAS SOSIAL",
        address="Jalan Contoh Nomor 1, Wonogiri 57612",
        place="Wonogiri",
    ),
    signer=Signatory(
        title="Kepala Dinas Sosial Kabupaten Wonogiri",
        on_behalf="",
        name="Drs. Contoh Penanda Tangan, M.Si.",
        rank="Pembina Utama Muda",
        nip="19700101 199503 1 001",
    ),
    legal_basis="Keputusan Kepala Dinas Sosial Kabupaten Wonogiri Nomor 400.9/12 Tahun 2026",
    check_url="https://sinau.example.id/cek/5XK2M8QW0RZT4BVC9HNE7JDA",
    evidence={"posttest": {"right": 17, "asked": 20}, "attendance": [1, 1], "edition": 3},
)

ONLINE = replace(
    BIMTEK,
    number="400.9/003/PSM-MANDIRI/2026",
    name_note="nama menurut isian peserta",
    starts_on=date(2026, 5, 4),
    ends_on=date(2026, 5, 21),
    place="",
    mode="daring mandiri",
    subjects=tuple(replace(subject, speaker="", hall_jp=0) for subject in BIMTEK.subjects),
    predicate="",
    legal_basis="",
)
