"""Arbitrary forms to every POST route and arbitrary JSON to the answers: an answer below 500, always.

The examples are the same in every run; `make test-long` has more of them.
"""

import json
from typing import Any

import pytest
from flask import request
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lms.db.engine import db
from lms.db.tables import Answer
from tests.conftest import Client
from tests.effort import often
from tests.scene import PLACE, Kept, Scene, routes, token

pytestmark = pytest.mark.walk

EXAMPLES = often(20, 500)
bounded = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
REFERER = {"Referer": "https://sinau.test/"}
FIELDS = (
    "ke kode nama sandi masuk formulir desa hp form_id counter aksi q1 q2 c1 ukuran gelar_depan gelar_belakang "
    "pin angka nomor"
)
NAMES = st.sampled_from(FIELDS.split(" "))
WORDS = st.one_of(
    st.text(max_size=60),
    st.integers().map(str),
    st.sampled_from(["33.12.01.2001", "f" * 20, "pasti", "kirim", "simpan", "1", "Siti Aminah", "0812 3456 7890", "/"]),
)
FORMS = st.lists(st.tuples(NAMES, WORDS), max_size=12)
PATHS = st.text(st.characters(exclude_characters="/?#", exclude_categories=["Cs"]), min_size=1, max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.from_regex(r"[A-Za-z0-9_-]{8,64}", fullmatch=True) | JSON,
        "number": st.integers(-1, 3) | JSON,
        "counter": st.integers(0, 2**31) | JSON,
        "value": st.lists(st.text(max_size=30), max_size=4) | JSON,
    },
)
BODIES = JSON | st.fixed_dictionaries({"entries": st.lists(ENTRIES, max_size=5)}, optional={"submit": JSON})


@pytest.fixture
def owner(scene: Scene) -> Client:
    client = scene.browser("owner")
    client.lint = False
    return client


def post_form(scene: Scene, who: str, rule: str, fields: list[tuple[str, str]]) -> int:
    client = scene.browser(who)
    client.lint = False
    data: dict[str, Any] = {"csrf_token": token()}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return client.post(rule, data=data, headers=REFERER).status_code


def test_any_form_to_any_route_gets_an_answer(scene: Scene) -> None:
    rules = [scene.address(rule.rule) for method, rule in routes(scene.app) if method == "POST"]
    quick = [rule for rule in rules if not rule.startswith(("/masuk", "/awal"))]  # Those two hash passwords.
    kept = Kept()

    @bounded
    @given(st.sampled_from(quick), st.sampled_from(["nobody", "owner", "other"]), FORMS)
    def check(rule: str, who: str, fields: list[tuple[str, str]]) -> None:
        assert post_form(scene, who, rule, fields) < 500
        if rule == "/keluar":
            kept.restore()

    check()


def test_any_place_in_any_path_gets_an_answer(scene: Scene, owner: Client) -> None:
    rules = [(method, rule.rule) for method, rule in routes(scene.app) if PLACE.search(rule.rule)]

    @bounded
    @given(st.sampled_from(rules), PATHS)
    def check(route: tuple[str, str], text: str) -> None:
        method, rule = route
        path = PLACE.sub(lambda _: text, rule)
        data = {"csrf_token": token()} if method == "POST" else None
        assert owner.open(path, method=method, data=data, headers=REFERER).status_code < 500

    check()


def test_any_json_to_the_answers_is_kept_or_refused_whole(scene: Scene, owner: Client) -> None:
    address = scene.address("/kuis/<attempt_id>/jawaban")
    headers = {**REFERER, "X-CSRFToken": token(), "Content-Type": "application/json"}

    def kept_answers() -> int:
        return db.session.query(Answer).count()

    @bounded
    @given(BODIES)
    def check(body: Any) -> None:
        before = kept_answers()
        response = owner.post(address, data=json.dumps(body), headers=headers)
        assert response.status_code in (200, 400)
        assert response.mimetype == "application/json"
        if response.status_code == 400:
            assert kept_answers() == before
        else:
            assert response.json is not None
            assert len(response.json["saved"]) == len(body["entries"])

    check()


def test_a_route_that_breaks_on_something_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.app.testing = False
    monkeypatch.setitem(scene.app.view_functions, "textsize.keep", lambda: str(int(request.form.get("kode", "1"))))

    @settings(bounded, phases=[Phase.generate], max_examples=200, report_multiple_bugs=False)
    @given(FORMS)
    def check(fields: list[tuple[str, str]]) -> None:
        assert post_form(scene, "nobody", "/huruf", fields) < 500

    with pytest.raises(AssertionError):
        check()
