"""Links after files moved: they lead to the same, and no other byte changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.course.lines import passages, scan
from lms.course.links import course_path, links_of, relinked
from lms.web.plain import normalised
from tests.course.test_hostile import LESSONS
from tests.effort import K, seconds, takes_less

LESSON = """\
# Judul

Lihat [yang lain](lain.md#bagian) dan [jauh](../dua/jauh.md "Judul"), [situs](https://contoh.id/lain.md).

![Dua orang](media/teras.jpg)
- Butir [lain](<lain.md>) `[lain](lain.md)`
  > [kutipan](./lain.md)

```
[lain](lain.md)
```

[di sini](#judul) \\[bukan](lain.md) [rujukan][r]

[r]: lain.md
"""


def test_a_lesson_in_another_folder_keeps_its_pictures_and_links() -> None:
    after = relinked(LESSON, "satu/ini.md", {"satu/ini.md": "tiga/ini.md"})
    assert "[yang lain](../satu/lain.md#bagian)" in after
    assert '[jauh](../dua/jauh.md "Judul")' in after
    assert "![Dua orang](../satu/media/teras.jpg)" in after
    assert "[lain](<../satu/lain.md>) `[lain](lain.md)`" in after
    assert "> [kutipan](../satu/lain.md)" in after
    assert "```\n[lain](lain.md)\n```" in after
    assert "\\[bukan](lain.md)" in after
    assert "[di sini](#judul)" in after
    assert "[r]: ../satu/lain.md" in after
    assert "https://contoh.id/lain.md" in after
    assert relinked(after, "tiga/ini.md", {"tiga/ini.md": "satu/ini.md"}) == LESSON.replace("./lain.md", "lain.md")


def test_links_from_elsewhere_lead_to_the_new_name() -> None:
    after = relinked(LESSON, "satu/ini.md", {"satu/lain.md": "dua/lain baru.md"})
    assert after.count("../dua/lain%20baru.md") == 4
    assert "(../dua/lain%20baru.md#bagian)" in after
    assert "media/teras.jpg" in after
    assert relinked(LESSON, "satu/ini.md", {"dua/lain.md": "dua/x.md"}) == LESSON


def test_a_new_name_in_the_same_folder_touches_nothing_of_its_own() -> None:
    assert relinked(LESSON, "satu/ini.md", {"satu/ini.md": "satu/itu.md"}) == LESSON
    assert relinked("[x](ini.md)", "satu/ini.md", {"satu/ini.md": "satu/itu.md"}) == "[x](itu.md)"


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_stay(start: str, end: str) -> None:
    source = start + LESSON.replace("\n", end)
    after = relinked(source, "satu/ini.md", {"satu/lain.md": "satu/baru.md"})
    assert after == start + relinked(LESSON, "satu/ini.md", {"satu/lain.md": "satu/baru.md"}).replace("\n", end)


WORDS = "[a](b.md) ![c](media/d.png) - > ` `` ]( [ ] # | teks [e](../f/g.md#h) <b.md> ( ) 't' é"
PIECES = st.sampled_from([*WORDS.split(" "), "\\", "\n", "\n\n", "\r\n", " ", "    ", "[r]: b.md\n", "```\n"])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_link_leads_where_it_led(source: str) -> None:
    moved = {"satu/ini.md": "tiga/dalam/ini.md", "satu/b.md": "b baru.md"}
    after = relinked(source, "satu/ini.md", moved)
    before, now = _led(source, "satu"), _led(after, "tiga/dalam")
    assert now == [moved.get(path, path) if path else path for path in before]


def _led(source: str, folder: str) -> list[str | None]:
    links = links_of(passages(scan(normalised(source))[0]))
    return [course_path(folder, link.target) if link.target[:1] not in ("", "#", "?") else None for link in links]


@pytest.mark.walk
@pytest.mark.parametrize("name", LESSONS)
def test_no_file_takes_long(name: str) -> None:
    source = LESSONS[name][: 200 * K]
    assert takes_less(lambda: relinked(source, "a/b.md", {"a/b.md": "c/b.md", "a/x": "c/x"}))


@pytest.mark.walk
def test_many_links_in_one_passage_are_rewritten_in_one_go() -> None:
    source = "[a](b.md) `x` " * 15_000
    assert seconds(lambda: relinked(source, "a/c.md", {"a/b.md": "d/b.md"})) < 2
    assert relinked(source, "a/c.md", {"a/b.md": "d/b.md"}).count("(../d/b.md)") == 15_000
