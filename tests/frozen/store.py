"""Groups of named texts as they are kept: one file a group, and for a large one an index of hashes beside its .xz."""

import difflib
import hashlib
import lzma
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.frozen.site import FOLDER

LARGE = 100_000
MOST_LINES = 400
MOST_OF_ONE = 60
HEAD = "=== "

Texts = Mapping[str, str]


def anew() -> bool:
    """Whether what is found is to be kept instead of compared: `make frozen-anew`."""
    return os.environ.get("FROZEN") == "anew"


def packed(texts: Texts) -> str:
    """One text of them all, each behind a line with its name."""
    return "".join(f"{HEAD}{name}\n{_lines(text)}" for name, text in texts.items())


def _lines(text: str) -> str:
    """Ends with a line's end, and no line of it looks like the name of a text."""
    return "".join(f"{' ' if line.startswith(HEAD) else ''}{line}\n" for line in text.splitlines())


def unpacked(whole: str) -> dict[str, str]:
    """The texts of a group by name."""
    parts = f"\n{whole}".split(f"\n{HEAD}")[1:]
    return {name: text.rstrip("\n") for name, _, text in (part.partition("\n") for part in parts)}


def keep(group: str, texts: Texts, folder: Path = FOLDER) -> None:
    """Write the group in place of what was kept of it."""
    for ending in ("txt", "txt.xz", "index"):
        (folder / f"{group}.{ending}").unlink(missing_ok=True)
    whole = packed(texts)
    if len(whole) < LARGE:
        (folder / f"{group}.txt").write_text(whole)
        return
    (folder / f"{group}.txt.xz").write_bytes(lzma.compress(whole.encode(), preset=9 | lzma.PRESET_EXTREME))
    index = "".join(f"{hashlib.sha256(text.encode()).hexdigest()[:12]} {name}\n" for name, text in texts.items())
    (folder / f"{group}.index").write_text(index)


def kept(group: str, folder: Path = FOLDER) -> dict[str, str]:
    """The texts as they were frozen."""
    plain = folder / f"{group}.txt"
    if plain.exists():
        return unpacked(plain.read_text())
    return unpacked(lzma.decompress((folder / f"{group}.txt.xz").read_bytes()).decode())


def difference(group: str, texts: Texts, folder: Path = FOLDER) -> str:
    """What is not as it was frozen, for a reader; "" when nothing is. What changed alike is shown once."""
    was, now = kept(group, folder), unpacked(packed(texts))
    lines = [f"{group}: hilang: {name}" for name in was if name not in now]
    lines += [f"{group}: baru: {name}" for name in now if name not in was]
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in was.keys() & now.keys():
        if was[name] != now[name]:
            alike[tuple(_changed(was[name], now[name]))].append(name)
    for shown, names in sorted(alike.items(), key=lambda each: sorted(each[1])):
        first, *others = sorted(names)
        lines.append(
            f"{group}: berubah: {first}" + (f" dan {len(others)} lagi: {', '.join(others[:20])}" if others else "")
        )
        lines += list(shown)[:MOST_OF_ONE]
        lines += ["…"] if len(shown) > MOST_OF_ONE else []
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… dan {len(lines) - MOST_LINES} baris lagi"]
    return "\n".join(lines)


def _changed(was: str, now: str) -> Iterator[str]:
    """The lines of a unified difference with one line of context, without the numbers of lines."""
    found = difflib.unified_diff(was.splitlines(), now.splitlines(), n=1, lineterm="")
    return ("@@" if line.startswith("@@") else line[:400] for line in found if not line.startswith(("---", "+++")))


def compare(group: str, texts: Texts) -> None:
    """Raise AssertionError with the difference; or keep the texts when that is asked."""
    if anew():
        keep(group, texts)
        return
    found = difference(group, texts)
    if found:
        raise AssertionError(f"Tidak sama dengan yang dibekukan (lihat tests/frozen/__init__.py):\n{found}")
