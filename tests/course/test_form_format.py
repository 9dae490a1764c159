"""A practice form: what is read of it, each fault with its line, and that nothing makes the reader raise."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.check import check_course
from lms.course.form import read_limits
from lms.course.form_reading import parse_form, pictures_in
from lms.course.tomlfile import Spans
from tests.course.form_texts import PATH, SOURCE, TODAY, case_of, changed, course_files, form_of, problems_of
from tests.effort import K, takes_less


def line_of(source: str, text: str) -> int:
    return source[: source.index(text)].count("\n") + 1


def test_the_form_of_the_tests_is_without_fault() -> None:
    assert problems_of(SOURCE) == []


def test_everything_of_a_form_is_read() -> None:
    form = form_of()
    assert (form.title, form.pass_mark, form.legal.checked) == ("Formulir kunjungan", 70, TODAY)
    assert [part.title for part in form.parts] == ["A. Persetujuan", "B. Keluarga"]
    assert form.fields["persetujuan"].choices["lisan"] == "Lisan, disaksikan"
    assert list(form.fields["kebutuhan"].choices) == ["obat", "akta", "makan", "motor"]
    assert form.fields["sekolah"].choices == {"ya": "Ya", "tidak": "Tidak"}
    assert [case.stage for case in form.cases] == ["contoh", "rumpang", "sendiri"]
    key = form.cases[2].keys["persetujuan"]
    assert (key.weight, key.critical, key.score(("tertulis",))) == (3, True, Fraction(7, 10))


def test_a_case_asks_what_its_stage_says() -> None:
    form = form_of()
    asked = [[item.field.name for item in form.asked(case)] for case in form.cases]
    assert asked == [[], ["anak", "sekolah"], list(form.fields)]


def test_a_case_takes_its_story_what_it_asks_and_a_look_at_what_is_filled_in() -> None:
    assert [form_of().minutes_of(case) for case in form_of().cases] == [5, 5, 10]
    many = "".join(f'[[bagian.isian]]\nnama = "f{n}"\nlabel = "F{n}"\njenis = "teks"\n' for n in range(40))
    longer = form_of(changed("[[kasus]]", f"{many}\n[[kasus]]"))
    assert [longer.minutes_of(case) for case in longer.cases] == [5, 5, 50]


def test_a_form_takes_one_case_of_each_stage() -> None:
    assert form_of().minutes == 5 + 5 + 10
    copy = SOURCE[SOURCE.index('[[kasus]]\nslug = "bu-tuti"') :].replace('"bu-tuti"', '"bu-tuti-lagi"')
    assert form_of(f"{SOURCE}\n{copy}").minutes == form_of().minutes, "one case alone is enough"


def test_a_sheet_freezes_what_field_and_key_say_and_not_how_they_are_laid_out() -> None:
    form, case = case_of("bu-tuti")
    sheet = form.sheet(case)
    assert sheet.items[0].question == f"{PATH}#bu-tuti/tanggal"
    laid_out, same = case_of("bu-tuti", changed("harapan = 2\n", "harapan   =   2 # dua\n"))
    assert laid_out.sheet(same) == sheet
    other, different = case_of("bu-tuti", SOURCE.replace("harapan = 2\n", "harapan = 3\n"))
    hashes = [item.hash for item in other.sheet(different).items]
    before = [item.hash for item in sheet.items]
    assert [at for at, pair in enumerate(zip(hashes, before, strict=True)) if pair[0] != pair[1]] == [3]


def test_lines_are_right_in_nested_tables_and_after_lists_over_many_lines() -> None:
    lines = Spans(SOURCE)
    assert lines.line(("bagian", 1, "isian", 0, "batas")) == line_of(SOURCE, 'batas = "0..20"')
    assert lines.line(("bagian", 0, "isian", 1, "jenis")) == line_of(SOURCE, 'nama = "persetujuan"') + 2
    assert lines.line(("bagian", 1, "isian", 2, "pilihan", "makan")) == line_of(SOURCE, "pilihan.makan")
    assert lines.line(("kasus", 0, "kunci", 2, "jawaban")) == line_of(SOURCE, "jawaban = ")
    assert lines.line(("kasus", 2, "kunci", 1, "kritis")) == line_of(SOURCE, "kritis = true")
    assert lines.line(("kasus", 2, "kunci", 1, "setengah", "tertulis")) == line_of(SOURCE, "setengah = ")


@pytest.mark.parametrize(
    ("text", "ends"),
    [("5..10", (5, 10)), ("60..", (60, None)), ("..5", (None, 5)), ("..", None), ("5", None), ("1,5..2", None)],
)
def test_ranges_are_read(text: str, ends: tuple[int | None, int | None] | None) -> None:
    assert read_limits(text) == ends


SELDOM = 'isian = "persetujuan"\nharapan = "lisan"\nsetengah'

GALAT = [
    # What is written, what instead, the place named, the words.
    ('judul = "Formulir', 'judl = "F"\njudul = "Formulir', "judl", 'kunci "judl" tidak dikenal'),
    ("lulus = 70", "lulus = 101", "lulus", "harus angka bulat 0 sampai 100"),
    ('diperiksa = "24 November 2026"', 'diperiksa = "2026-11-24"', "diperiksa", "bukan tanggal"),
    ('nama = "anak"', 'nama = "tanggal"', 'nama = "tanggal"\nlabel = "Jumlah', "sudah ada di baris"),
    ('nama = "renungan"', 'nama = "Re nungan"', 'nama = "Re', "tidak dapat dipakai"),
    ('jenis = "tanggal"', 'jenis = "hari"', 'jenis = "hari"', "tidak dikenal; tulis salah satu dari teks"),
    ('label = "Tanggal kunjungan"', 'label = ""', 'label = ""', "belum diisi"),
    ('jenis = "tanggal"', 'jenis = "tanggal"\nsatuan = "hari"', "satuan", "hanya untuk jenis angka"),
    ('jenis = "tanggal"', 'jenis = "tanggal"\nbatas = "1.."', "batas", "hanya untuk jenis angka"),
    ('jenis = "tanggal"', 'jenis = "tanggal"\npilihan.a = "A"', "pilihan.a", "hanya untuk jenis pilihan"),
    ('batas = "0..20"', 'batas = "20..0"', "batas", "terbalik"),
    ('batas = "0..20"', 'batas = ".."', "batas", "bukan rentang angka"),
    ('pilihan.akta = "Akta kelahiran"', 'pilihan.akta = "obat"', "pilihan.akta", "sama dengan label"),
    ('pilihan.akta = "Akta kelahiran"', 'pilihan.akta = ""', "pilihan.akta", "belum diisi"),
    ('bila = { anak = "1.." }', 'bila = { anakk = "1.." }', "bila = { anakk", "tidak ada sebelum"),
    ('bila = { anak = "1.." }', 'bila = { kebutuhan = ["obat"] }', "bila = { keb", "tidak ada sebelum"),
    ('bila = { anak = "1.." }', 'bila = { sekolah = ["ya"] }', "bila = { sek", "isian itu sendiri"),
    ('bila = { anak = "1.." }', 'bila = { tanggal = ["1"] }', "bila = { tang", "berjenis tanggal"),
    ('bila = { anak = "1.." }', 'bila = { anak = "satu" }', 'bila = { anak = "satu"', "bukan rentang angka"),
    ('["menolak"] }', '["tidak"] }', "bila = { pers", "bukan pilihan isian"),
    ('["menolak"] }', "[] }", "bila = { pers", "kosong; tulis sedikitnya satu"),
    ('isian = "alasan"', 'isian = "alasn"', 'isian = "alasn"', "tidak ada di formulir"),
    ('harapan = "tidak"', 'harapan = "tidak"\ncocok = "angka"', 'cocok = "angka"', "tidak sesuai dengan isian"),
    ('harapan = "tidak"', 'harapan = "tidak"\ncocok = "pas"', 'cocok = "pas"', 'cocok "pas" tidak dikenal'),
    ('harapan = "tidak"', 'harapan = "tidak"\ntoleransi = 1', "toleransi", "tidak berlaku untuk cocok"),
    ('cocok = "bebas"', 'cocok = "bebas"\nbobot = 2', 'bobot = 2\njawaban = "KUNCI-RENUNGAN', "tidak berlaku"),
    ('harapan = "tidak"', 'harapan = "entah"', 'harapan = "entah"', "bukan pilihan isian"),
    ("{ tertulis = 0.7 }", "{ tertulis = 1.5 }", "setengah", "di antara 0 dan 1"),
    ("{ tertulis = 0.7 }", "{ lisan = 0.5 }", "setengah", "sudah menjadi harapan"),
    ("{ tertulis = 0.7 }", "{ entah = 0.5 }", "setengah", "bukan pilihan isian"),
    ('boleh = ["makan"]', 'boleh = ["obat"]', "boleh", 'ada di "harapan" dan di "boleh"'),
    ('kritis_terlarang = ["motor"]', 'kritis_terlarang = ["makan"]', "kritis_terlarang", 'tidak ada di "terlarang"'),
    ("kritis = true", 'kritis_terlarang = ["tertulis"]', "kritis_terlarang", "juga harapan atau setengah"),
    ("bobot = 3", "bobot = 0", "bobot = 0", "1 sampai 10"),
    ("14 Oktober 2026..15", "16 Oktober 2026..15", "rentang", "terbalik"),
    ("14 Oktober 2026..15", "15 Oktober 2026..15", "rentang", "di luar rentang"),
    ('harapan = "14 Oktober 2026"', 'harapan = "14-10-2026"', 'harapan = "14-10', "bukan tanggal"),
    ("minimal = 2", "minimal = 4", "minimal", "1 sampai 3"),
    ('[["puskesmas", "pukesmas"]', '[[], ["puskesmas", "pukesmas"]', "kelompok = [[]", "daftar dari daftar kata"),
    ('[["puskesmas", "pukesmas"]', '[["?"]', 'kelompok = [["?', "kosong atau bukan teks"),
    ("KUNCI-RENCANA ke puskesmas besok", "KUNCI-RENCANA besok", 'jawaban = "KUNCI-RENCANA', "tidak memuat cukup"),
    ('kosong = ["anak", "sekolah"]', 'kosong = ["anak", "anak"]', "kosong", "dua kali"),
    ('kosong = ["anak", "sekolah"]', 'kosong = ["ank"]', "kosong", "tidak ada di formulir"),
    ('kosong = ["anak", "sekolah"]', 'kosong = ["kebutuhan"]', "kosong", "tidak dikunci"),
    ('tahap = "rumpang"', 'tahap = "sendiri"', "kosong", "hanya untuk tahap rumpang"),
    ('tahap = "rumpang"', 'tahap = "akhir"', 'tahap = "akhir"', "tidak dikenal"),
    ('slug = "pak-min"', 'slug = "ibu-sari"', 'slug = "ibu-sari"\njudul = "Pak', "sudah ada di baris"),
    ('cerita = "pak-min.md"', 'cerita = "pak.md"', 'cerita = "pak.md"', "tidak ada di folder"),
    ('cerita = "pak-min.md"', 'cerita = "../pak.md"', 'cerita = "../pak.md"', "bukan berkas .md di folder yang sama"),
    ('harapan = "ya"', 'harapan = "ya"\nkarena = ""', 'karena = ""', "belum diisi"),
]


@pytest.mark.parametrize(("old", "new", "place", "words"), GALAT)
def test_each_galat_is_told_with_its_line(old: str, new: str, place: str, words: str) -> None:
    source = changed(old, new)
    if new.endswith('karena = ""'):
        source = source.replace('karena = "alasan-sekolah keduanya bersekolah."\n', "")
    told = [(each.line, each.text) for each in problems_of(source) if each.level == "galat" and words in each.text]
    assert told, [str(each) for each in problems_of(source)]
    assert told[0][0] == line_of(source, place)
    assert ";" in told[0][1] or "misalnya" in told[0][1]


def test_a_form_without_parts_fields_cases_or_keys_is_told_everything() -> None:
    for source, words in (
        ('judul = "F"\n', ("belum punya bagian", "belum punya kasus")),
        ('judul = "F"\n[[bagian]]\njudul = "A"\n[[kasus]]\nslug = "a"\n', ("belum punya isian", "belum punya kunci")),
        ("judul = \n", ("TOML tidak terbaca",)),
    ):
        texts = " ".join(problem.text for problem in problems_of(source))
        assert all(each in texts for each in words), texts


def test_a_case_that_contradicts_itself_is_told() -> None:
    hidden = problems_of(
        changed("harapan = 0\n", 'harapan = 0\nkarena = "x"\n[[kasus.kunci]]\nisian = "sekolah"\nharapan = "ya"\n')
    )
    assert any("dikunci tetapi tidak tampil" in problem.text for problem in hidden)
    unkeyed = problems_of(
        SOURCE.replace('[[kasus.kunci]]\nisian = "anak"\nharapan = 0\nkarena = "Ia hidup sendiri."\n', "")
    )
    assert [problem.level for problem in unkeyed if 'tidak mengunci isian wajib "anak"' in problem.text] == ["galat"]


def test_what_is_only_worth_a_warning() -> None:
    def warned(source: str, files: dict[str, bytes] | None = None) -> list[str]:
        problems = problems_of(source, files)
        assert {problem.level for problem in problems} == {"peringatan"}, [str(each) for each in problems]
        return [problem.text for problem in problems]

    assert "belum punya petunjuk" in warned(changed('bantuan = "Hari bertemu warga."\n', ""))[0]
    assert "belum ada tanggal periksa" in warned(changed('diperiksa = "24 November 2026"\n', ""))[0]
    assert "lebih dari setahun lalu" in warned(changed("24 November 2026", "1 Mei 2024"))[0]
    long = "kata " * 26
    assert "kalimat 26 kata" in warned(changed("Hari bertemu warga.", f"{long}."))[0]
    told = warned(SOURCE, {"dasar/pak-min.md": b"# Pak Lain\n\nSetuju.\n"})
    assert "judul cerita berbeda" in told[1]
    assert "cerita 1 kata" in told[0]


def test_a_story_without_title_and_one_that_is_a_lesson_are_galat() -> None:
    told = problems_of(SOURCE, {"dasar/pak-min.md": b"Tanpa judul.\n"})
    assert any(problem.path == "dasar/pak-min.md" and "belum punya judul" in problem.text for problem in told)
    files = course_files()
    files["kursus.toml"] = files["kursus.toml"].replace(b'"]', b'", "dasar/pak-min.md"]')
    told = check_course(files, TODAY).problems
    assert any("sebagai cerita kasus dan sebagai pelajaran" in problem.text for problem in told)


HOSTILE = {
    "parts": "[[bagian]]\n" * 15 * K,
    "fields": "[[bagian]]\n" + "[[bagian.isian]]\n" * 10 * K,
    "cases": "[[kasus]]\n" * 18 * K,
    "keys": "[[kasus]]\n" + "[[kasus.kunci]]\n" * 12 * K,
    "choices": "[[bagian]]\n[[bagian.isian]]\nnama='a'\njenis='pilihan-ganda'\n"
    + "".join(f"pilihan.k{at} = 'k{at}'\n" for at in range(3 * K))
    + "[[kasus]]\n[[kasus.kunci]]\nisian='a'\nharapan="
    + json.dumps([f"x{at}" for at in range(9 * K)]),
    "groups": "[[bagian]]\n[[bagian.isian]]\nnama='a'\njenis='teks'\n[[kasus]]\n[[kasus.kunci]]\nisian='a'\njawaban='"
    + "a " * 30 * K
    + "'\nkelompok="
    + json.dumps([["b"]] * 10 * K),
    "a deep list": "[[bagian]]\n[[bagian.isian]]\npilihan = [\n" + "[\n" * 400 + "]\n" * 401,
    "a long number": "[[bagian]]\n[[bagian.isian]]\nnama='a'\njenis='angka'\n[[kasus]]\n[[kasus.kunci]]\nisian='a'\n"
    + "harapan=0x"
    + "f" * 100 * K,
    "numbers that are none": "lulus = nan\n[[bagian]]\n[[bagian.isian]]\nnama='a'\njenis='ya-tidak'\n[[kasus]]\n"
    + "[[kasus.kunci]]\nisian='a'\nharapan='ya'\nsetengah={tidak=inf}\n",
    "days": "judul = 2026-01-01\n[[bagian]]\njudul = 10:00:00\n[[bagian.isian]]\npilihan = {a = 2026-01-01}\n",
    "a table instead of a list": "[bagian]\n[kasus]\nkunci = 1\n",
    "a list of numbers": "bagian = [1]\nkasus = [[1]]\n",
}


@pytest.mark.walk
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_form_is_checked_in_a_moment(name: str) -> None:
    found = []
    assert takes_less(lambda: found.extend(problems_of(HOSTILE[name])))
    assert found


PIECES = (
    *(
        "judul = 'a'\n",
        "lulus = 7\n",
        "[[bagian]]\n",
        "[[bagian.isian]]\n",
        "[bagian]\n",
        "[[kasus]]\n",
        "[[kasus.kunci]]\n",
    ),
    *("nama = 'a'\n", "nama = 'b'\n", "label = 'x'\n", "wajib = true\n", "bantuan = 'PSM'\n", "satuan = 1\n"),
    *(f"jenis = '{kind}'\n" for kind in ("teks", "angka", "tanggal", "pilihan", "pilihan-ganda", "ya-tidak", "x")),
    *(
        "pilihan = {a = 'A', b = 'B'}\n",
        "pilihan.a = 1\n",
        "batas = '1..'\n",
        "batas = '3..1'\n",
        "bila = {a = ['a']}\n",
    ),
    *(
        "bila = {a = '1..'}\n",
        "bila = {}\n",
        "bila = 1\n",
        "slug = 'a'\n",
        "tahap = 'rumpang'\n",
        "tahap = 'sendiri'\n",
    ),
    *("kosong = ['a']\n", "kosong = [1]\n", "cerita = 'a.md'\n", "diskusi = ['a']\n", "isian = 'a'\n", "isian = 'b'\n"),
    *("harapan = 'a'\n", "harapan = ['a']\n", "harapan = 1\n", "harapan = '1 Mei 2026'\n", "harapan = [[1]]\n"),
    *("setengah = {b = 0.5}\n", "setengah = {b = 2}\n", "terlarang = ['b']\n", "kritis_terlarang = ['b']\n"),
    *("toleransi = -1\n", "rentang = '1 Mei 2026..2 Mei 2026'\n", "kelompok = [['a']]\n", "kelompok = [1]\n"),
    *("minimal = 0\n", "jawaban = 'a'\n", "bobot = 11\n", "kritis = 1\n", "karena = 'x'\n", "cocok = 'bebas'\n", "\n"),
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join) | st.text())
def test_no_form_makes_the_reader_or_the_checker_raise(source: str) -> None:
    form, problems = parse_form(PATH, source)
    assert form or problems
    problems_of(source.encode("utf-8", "replace").decode())


def test_pictures_and_links_of_a_form_are_checked_as_those_of_a_lesson() -> None:
    line = 'pengantar = "![Kartu](media/kartu.png) ![](https://lain.id/x.png) [mana](mana.md)"'
    source = changed('pengantar = "Catat sebelum bertanya."', line)
    told = [(problem.line, problem.text) for problem in problems_of(source) if problem.level == "galat"]
    part = SOURCE[: SOURCE.index('judul = "A. Persetujuan"')].count("\n")
    assert [at for at, _ in told] == [part] * 3
    for words in ('gambar "media/kartu.png"', 'gambar "https://lain.id/x.png" diambil', 'tautan "mana.md"'):
        assert any(text.startswith(words) for _, text in told), words
    assert "dasar/media/kartu.png" in pictures_in(PATH, source)
    shown = source.replace(" ![](https://lain.id/x.png) [mana](mana.md)", "")
    assert problems_of(shown, {"dasar/media/kartu.png": b"x"}) == []
