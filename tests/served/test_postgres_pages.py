"""Every page of the site opens on PostgreSQL."""

import sqlalchemy as sa
from flask import Flask

from lms.db.engine import db
from tests.conftest import Cast
from tests.scene import Scene, a_step, build
from tests.served.postgres import URL, app, empty
from tests.test_no_writes_by_get import addresses

__all__ = ["app", "empty"]

PAGES = 250
"""So many pages at least are shown to somebody of the scene."""


def opened(scene: Scene) -> tuple[int, list[str]]:
    """(how many pages were shown; those that failed) when each of them opens every page."""
    shown, failed = 0, []
    for who in ("owner", "trainer", "admin"):
        client = scene.browser(who)
        client.lint = False
        for address, _ in addresses(scene):
            status = client.get(address).status_code
            shown += status == 200
            failed += [f"{status} {address} by {who}"] if status >= 500 else []
    return shown, failed


class TestPagesOnPostgres:
    __test__ = bool(URL)

    def test_no_page_fails_whoever_opens_it(self, app: Flask) -> None:
        scene = build(app, Cast())
        app.extensions["jobs"] = {"uji": a_step}
        app.testing = False
        shown, failed = opened(scene)
        assert failed == []
        assert shown > PAGES
        with db.engine.begin() as connection:
            connection.execute(sa.text("alter table certificate_event rename to lain"))
        assert scene.browser("trainer").get("/pelatih/B1MTEK/sertifikat").status_code == 500
