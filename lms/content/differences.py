"""What differs between two editions: files, and within lessons the questions."""

from collections.abc import Iterator, Mapping

from lms.core.lesson import parse_lesson


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    """A line in Indonesian for each file and question added, changed or removed; none when equal."""
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        yield f"{'berkas baru' if old is None else 'berkas dihapus' if new is None else 'berkas berubah'}: {path}"
        if path.endswith(".md"):
            yield from _questions(path, _hashes(path, old), _hashes(path, new))


def _questions(path: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for slug in dict.fromkeys([*old, *new]):
        if old.get(slug) != new.get(slug):
            what = "baru" if slug not in old else "dihapus" if slug not in new else "berubah"
            yield f"  soal {what}: {path}#{slug}"


def _hashes(path: str, data: bytes | None) -> dict[str, str]:
    lesson, _ = parse_lesson(path, (data or b"").decode("utf-8", "replace"))
    return {question.slug: question.hash for pool in lesson.pools for question in pool.questions}
