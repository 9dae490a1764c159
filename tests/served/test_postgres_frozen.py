"""The frozen rows on PostgreSQL: every page by everybody of the cast says what it said on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.db.engine import db
from tests.frozen import store
from tests.frozen.site import WHO, load_dump, opened, rows, stop_time
from tests.frozen.test_pages import asked
from tests.served.postgres import URL

OTHERWISE = {"/pelatih"}
"""Self-study, which begins on no day, stands first on PostgreSQL and last on SQLite."""


class TestFrozenOnPostgres:
    __test__ = bool(URL)

    @pytest.fixture
    def frozen(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Flask]:
        stop_time(monkeypatch)
        load_dump(URL)
        with opened(tmp_path, URL) as app:
            yield app

    def test_there_are_rows_in_every_table(self, frozen: Flask) -> None:
        names = rows("select table_name from information_schema.tables where table_schema = 'public'")
        assert len(names) == len(db.metadata.tables) + 1  # Alembic's own.
        assert [name for (name,) in names if not rows(f'select 1 from "{name}" limit 1')] == []

    @pytest.mark.parametrize("who", WHO)
    def test_every_page_says_what_it_said(self, frozen: Flask, who: str) -> None:
        group = f"pages-{who}"
        texts, was = asked(frozen, who)[0], store.kept(group)
        assert store.difference(group, {**texts, **{page: was[page] for page in OTHERWISE}}) == ""
