"""The desks of trainers and the office have few pages: whoever looks for something has few doors to choose from."""

import pytest
from werkzeug.routing import Map, Rule

from tests.scene import Scene, routes

DESKS = ("/pelatih", "/kelola")
STAFF = ("trainer", "other_trainer", "admin")
MOST = 55


def pages(scene: Scene) -> list[str]:
    """The rules of the desks at which somebody of the staff is shown a page; one that leads on is none."""
    found, browsers = [], [scene.browser(who) for who in STAFF]
    for method, rule in routes(scene.app):
        if method == "GET" and rule.rule.startswith(DESKS):
            for browser in browsers:
                browser.lint = False
                answer = browser.get(scene.address(rule.rule))
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    found.append(rule.rule)
                    break
    return found


@pytest.mark.walk
def test_the_desks_have_few_pages(scene: Scene) -> None:
    found = pages(scene)
    assert 40 < len(found) <= MOST, "\n".join(found)


@pytest.mark.walk
def test_one_page_more_is_counted(scene: Scene) -> None:
    before = len(pages(scene))
    rules = [rule.empty() for rule in scene.app.url_map.iter_rules()]
    planted = Rule("/pelatih/<code>/satu-lagi", methods=["GET"], endpoint="hub.people")
    moved = Rule("/pelatih/<code>/lama", methods=["GET"], endpoint="moved /pelatih/<code>/acara")
    scene.app.url_map = Map([*rules, planted, moved], converters=scene.app.url_map.converters)
    found = pages(scene)
    assert len(found) == before + 1
    assert planted.rule in found
