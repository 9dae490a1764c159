"""Rooms stand in one order, and imports run down it. The rules of a room are pure modules.

A new module belongs to a room by its folder; one that holds rules, values in and values out, is named in PURE.
"""

import ast
import sys
from collections.abc import Iterable, Iterator

from lms.boot.app import ROOMS
from lms.db.settings import ROOT

ORDER = (
    *("boot", "authoring", "report", "esign", "certificate", "roster", "cohort", "bimtek", "learn", "quiz", "people"),
    *("course", "paper", "web", "db"),
)
"""From top to bottom: a room imports only itself and rooms after it."""

PURE = {
    "authoring": "archive differences intake intake.draft intake.gift intake.numbered intake.rows intake.sheet",
    "report": "event_report forms texts",
    "esign": "signed_pdf signing",
    "certificate": "hours numbering qr snapshot spelling",
    "roster": "fields header people places reading spelling tables",
    "cohort": "coverage",
    "bimtek": "attendance predicate survey",
    "learn": "completion",
    "quiz": "exam_report items window",
    "people": "doubles emblem names person pins regions signatory",
    "course": "bank changes check course_writing drawing form form_reading gfm glossary grading lesson lines "
    "links markup outline pictures privacy problems prose questions questions.arranging questions.base "
    "questions.choice questions.written redraw tomlfile",
    "paper": "binding document packed spreadsheet typesetting word",
    "web": "crockford dates meanwhile plain rounding",
    "db": "words",
}
"""Room -> its modules that know no Flask, no database, no clock and no chance."""

LIBRARIES = {
    "lms.course.markup": {"markdown", "markupsafe", "nh3"},
    "lms.course.lines": {"markdown_it"},
    "lms.course.gfm": {"markdown", "markdown_it", "pymdownx"},
    "lms.certificate.snapshot": {"cryptography"},
    "lms.paper.binding": {"pypdf"},
    "lms.course.redraw": {"PIL", "lxml"},
    "lms.authoring.intake.sheet": {"python_calamine"},
    "lms.roster.reading": {"lxml", "python_calamine"},
    "lms.paper.spreadsheet": {"xlsxwriter"},
    "lms.esign.signed_pdf": {"asn1crypto", "pyhanko", "pyhanko_certvalidator", "pypdf"},
    "lms.paper.typesetting": {"segno", "typst"},
    "lms.paper.word": {"jinja2"},
}
"""Pure module -> the libraries it may use beside Python's own."""

CHILD_LIBRARIES = {"PIL", "asn1crypto", "lxml", "pyhanko", "pyhanko_certvalidator", "pypdf", "python_calamine"}
"""What reads files that anybody may have made is loaded in a child process only."""

IMPORTLIB_IN = {"lms.paper.child_main", "lms.boot.app"}


def pure() -> set[str]:
    return {f"lms.{room}.{module}" for room, modules in PURE.items() for module in modules.split()}


def child_only() -> set[str]:
    """Pure modules that load a library of children, and what only they lead to."""
    own = {name for name, libraries in LIBRARIES.items() if libraries & CHILD_LIBRARIES}
    return own | {"lms.people.emblem", "lms.certificate.paper_reading"}


def modules() -> dict[str, str]:
    """Name -> source of every module of the program."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
        for path in sorted((ROOT / "lms").rglob("*.py"))
        if "versions" not in path.parts
    }


def imports(source: str, known: Iterable[str]) -> Iterator[str]:
    """Modules that a source imports, wherever in it: the deepest name that is ours, else the library's first name."""
    names = set(known)
    for node in ast.walk(ast.parse(source)):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            found = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [name for name in found if name in names] or [node.module or ""]
            found = ["." * node.level] if node.level else found
        for name in found:
            yield name if name.partition(".")[0] in ("lms", "") else name.partition(".")[0]


def room_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def faults(sources: dict[str, str]) -> list[str]:
    """Every import that a room, or a pure module, may not make."""
    return [
        f"{name} imports {used}: {fault}"
        for name, source in sources.items()
        for used in sorted(set(imports(source, sources)))
        if (fault := _fault(name, used))
    ]


def _fault(name: str, used: str) -> str:
    if used.startswith("."):
        return "imports name the whole way"
    if used == "importlib":
        return "" if name in IMPORTLIB_IN else "what is imported by its name stands in one table"
    if used in child_only() | CHILD_LIBRARIES and name not in child_only():
        return "a child process does this, by its name"
    if name in pure():
        return _impure_import(name, used)
    if used.partition(".")[0] != "lms" or room_of(name) not in ORDER:
        return ""
    return "" if ORDER.index(room_of(name)) <= ORDER.index(room_of(used)) else "this room stands above"


def _impure_import(name: str, used: str) -> str:
    if used.startswith("lms."):
        below = ORDER.index(room_of(name)) <= ORDER.index(room_of(used))
        return "" if used in pure() and below else "a pure module knows pure modules of its room or below"
    allowed = used in sys.stdlib_module_names or used in LIBRARIES.get(name, set())
    return "" if allowed else "a pure module needs the standard library only"


def with_statements(sources: dict[str, str]) -> list[str]:
    """Modules that hold statements although it is not their part: views, and tables."""
    asking = {"select", "insert", "update", "delete", "session", "execute", "scalar", "scalars"}
    found = []
    for name, source in sources.items():
        if not (name.endswith("views") or name.startswith("lms.db.tables.")):
            continue
        for node in ast.walk(ast.parse(source)):
            used = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if used in asking and not (isinstance(node, ast.Name) and node.id == "session"):
                found.append(f"{name}:{node.lineno} {used}")  # type: ignore[attr-defined] # Found nodes are located.
    return found


def impure(sources: dict[str, str]) -> list[str]:
    """Places where a pure module asks a clock or global chance instead of being told."""
    forbidden = {"now", "today", "utcnow", "time", "random", "urandom", "choice", "shuffle", "token_bytes", "environ"}
    modules_of = {"datetime", "date", "time", "random", "os", "secrets"}
    return [
        f"{name}:{node.lineno} {node.value.id}.{node.attr}"
        for name, source in sources.items()
        if name in pure()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in modules_of
        and node.attr in forbidden
    ]


def homeless(sources: dict[str, str]) -> list[str]:
    """Modules that stand in no room; at the top is only the way in."""
    return [name for name in sources if name not in ("lms", "lms.__main__") and room_of(name) not in ORDER]


def silent(sources: dict[str, str]) -> list[str]:
    """Rooms that do not say in some five lines what lives there, what is used, and what it rests on."""
    said = {room: ast.get_docstring(ast.parse(sources.get(f"lms.{room}", ""))) or "" for room in ORDER}
    return [room for room, text in said.items() if not 4 <= len(text.splitlines()) <= 8]


def test_imports_run_down() -> None:
    assert faults(modules()) == []


def test_every_way_of_breaking_the_order_is_red() -> None:
    planted = {
        "lms.web.assets": "from lms.people.access import signed_in",
        "lms.quiz.actions": "def late():\n    from lms.learn.actions import finish_lesson",
        "lms.course.queries": "import lms.boot.app",
        "lms.learn.views": "from .queries import progress",
        "lms.people.actions": "import importlib",
        "lms.course.load": "from lms.course.redraw import for_lesson",
        "lms.web.media": "import PIL",
        "lms.course.drawing": "from flask import request",
        "lms.course.lesson": "import nh3",
        "lms.course.glossary": "from lms.db.engine import read",
        "lms.course.bank": "from lms.quiz.exam_report import Score",
    }
    places = ("lms.people.access", "lms.learn.actions", "lms.boot.app", "lms.course.redraw", "lms.db.engine")
    sources = {**dict.fromkeys((*places, "lms.quiz.exam_report", "lms.course.fine"), ""), **planted}
    sources["lms.course.fine"] = "from lms.db.engine import read\nfrom flask import request"
    assert sorted(fault.partition(" ")[0] for fault in faults(sources)) == sorted(planted)


def test_every_module_stands_in_a_room() -> None:
    sources = modules()
    assert homeless(sources) == []
    assert pure() <= sources.keys()
    assert homeless({"lms": "", "lms.tools.a": "", "lms.extra": "", "lms.web.a": ""}) == ["lms.tools.a", "lms.extra"]


def test_every_room_says_what_lives_there() -> None:
    assert silent(modules()) == []
    assert silent({f"lms.{room}": '"""One\ntwo\nthree\nfour."""' for room in ORDER[1:]}) == ["boot"]


def test_work_of_children_is_pure() -> None:
    assert {place.partition(":")[0] for room in ROOMS for place in room.children.values()} <= pure()


def test_views_and_tables_hold_no_statements() -> None:
    assert with_statements(modules()) == []


def test_a_view_with_a_statement_is_red() -> None:
    source = "from lms.db.engine import db\ndef page():\n    return db.session.scalar(select(1))"
    assert len(with_statements({"lms.learn.views": source})) == 3


def test_rules_are_told_the_time_and_the_chance() -> None:
    assert impure(modules()) == []


def test_a_rule_that_asks_chance_is_red() -> None:
    planted = {"lms.course.drawing": "import random\nx = random.random()\n"}
    assert impure(planted) == ["lms.course.drawing:2 random.random"]
