"""The scripts stay small and plain: nothing an old Android Chrome (70) can't read, nothing the policy would stop."""

import gzip
import re
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "static/js"
NAMES = sorted(path.name for path in SCRIPTS.glob("*.js"))

# What Chrome 70 can't read, and how to recognise it in our code.
TOO_NEW = {
    "optional chaining": r"\?\.[\w(\[]",
    "nullish coalescing": r"\?\?",
    "logical assignment": r"(\|\||&&)=",
    "private fields": r"(this\.|^\s*)#\w+\s*[=(;]",
    "class fields": r"^  static \w+ = ",
    "top-level await": r"^await ",
    "newer methods": r"\.(replaceAll|at|flat|flatMap|matchAll|findLast|replaceChildren|toSorted)\(",
    "newer globals": r"\b(structuredClone|globalThis|queueMicrotask|fromEntries|allSettled|randomUUID)\b",
    "numeric separators": r"\b\d+_\d+",
}
# What the policy stops, what writes markup from text, and what asks another place.
UNWANTED = r"\b(eval\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|https?://)"
# Compressed bytes of a file, and of all that a page may load.
EDITOR = ("susun.js", "susun-lihat.js", "susun-simpan.js")
MOST_OF_A_FILE = {
    "kotak.js": 3_500,
    "kuis.js": 3_000,
    "formulir.js": 3_200,
    "desa.js": 1_750,
    **dict.fromkeys(EDITOR, 2_050),
    "susun-simpan.js": 2_160,
    "susun-tempel.js": 3_500,
    "susun-gambar.js": 3_600,
    "pindai.js": 2_400,
    "luring.js": 4_150,
}
MOST_OF_ANOTHER_FILE = 1_650
# What others wrote, kept byte for byte as they published it.
FOREIGN = {"jsqr/jsQR.js": 57_000, "tweetnacl/nacl.min.js": 6_700}
PAGES = {
    "kuis": (("kuis.js", "lembar.js", "kotak.js", "kabar.js", "urutan.js"), 9_300),
    "formulir": (("formulir.js", "lembar.js", "kotak.js", "kabar.js"), 9_350),
    "other pages of a signed-in person": (("susulan.js", "kotak.js", "kabar.js"), 5_400),
    "scanning cards": (("pindai.js", "susun-kirim.js"), 3_050),
    "terms": (("istilah.js",), 1_100),
    "practice": (("latihan.js", "urutan.js"), 2_500),
    "pictures in the editor": (("susun-gambar.js", "susun-perkecil.js"), 4_650),
    "editor": (
        (*EDITOR, "susun-alat.js", "susun-foto.js", "susun-kirim.js", "susun-sisip.js", "susun-temuan.js"),
        11_300,
    ),
}


def too_new(source: str) -> list[str]:
    return [name for name, pattern in TOO_NEW.items() if re.search(pattern, source, re.M)]


def faults(source: str) -> list[str]:
    return too_new(source) + [f"unwanted: {match[0]}" for match in re.finditer(UNWANTED, source)]


def packed(name: str) -> int:
    return len(gzip.compress((SCRIPTS / name).read_bytes(), 9, mtime=0))


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_plain_and_says_why_it_exists(name: str) -> None:
    source = (SCRIPTS / name).read_text()
    assert faults(source) == []
    assert source.startswith("/* ")
    assert max(len(line) for line in source.splitlines()) <= 120
    assert packed(name) <= MOST_OF_A_FILE.get(name, MOST_OF_ANOTHER_FILE)


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_script_runs_where_ours_do_and_comes_with_its_licence(name: str) -> None:
    file = SCRIPTS / name
    assert too_new(file.read_text()) == []
    assert packed(name) <= FOREIGN[name]
    notices = (SCRIPTS.parents[1] / "docs/pihak-ketiga.md").read_text()
    assert f"`static/js/{name}`" in notices
    assert f"`{file.with_name('LICENSE.txt').relative_to(SCRIPTS.parents[1])}`" in notices
    assert file.with_name("LICENSE.txt").read_text()


def test_every_foreign_script_is_looked_at() -> None:
    assert sorted(str(path.relative_to(SCRIPTS)) for path in SCRIPTS.glob("*/*")) == sorted(
        [*FOREIGN, *(f"{Path(name).parent}/LICENSE.txt" for name in FOREIGN)]
    )


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_loads_stays_small(page: str) -> None:
    names, most = PAGES[page]
    assert sum(map(packed, names)) <= most


@pytest.mark.parametrize(
    "line",
    [
        "const a = b?.c;",
        "const a = b ?? c;",
        "  this.#hidden = 1;",
        "await start();",
        "element.innerHTML = text;",
        "const id = crypto.randomUUID();",
        "fetch('https://contoh.id/');",
        "text.replaceAll('a', 'b');",
    ],
)
def test_each_fault_would_be_noticed(line: str) -> None:
    assert faults(line) != []
