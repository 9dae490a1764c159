"""Pages with other people on them are not kept by the browser that showed them."""

import pytest

from tests.conftest import Client
from tests.scene import Scene

KEPT = "private, no-store"


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("trainer", "/pelatih"),
        ("trainer", "/pelatih/B1MTEK"),
        ("trainer", "/pelatih/B1MTEK/kotak?bagian=catatan"),
        ("trainer", "/pelatih/B1MTEK/anggota/{membership_id}/bantu"),
        ("admin", "/kelola/staf"),
        ("admin", "/kelola/catatan"),
    ],
)
def test_a_page_of_the_desk_is_kept_by_no_browser(scene: Scene, who: str, path: str) -> None:
    answer = scene.browser(who).get(path.format(**scene.values))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == KEPT
    assert "Content-Encoding" not in answer.headers


def test_a_page_of_ones_own_course_may_be_kept(learner: Client) -> None:
    assert learner.get("/belajar/kursus").headers["Cache-Control"] != KEPT
