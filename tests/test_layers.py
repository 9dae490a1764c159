"""Imports point one way: app → features → {content, web, models} → core → standard library."""

import ast
import sys
from collections.abc import Iterable, Iterator

from lms.db.settings import ROOT

FEATURES = {
    "accounts",
    "admin",
    "authoring",
    "certificates",
    "cohorts",
    "coverage",
    "desk",
    "doubles",
    "events",
    "exams",
    "forms",
    "inquiries",
    "jobs",
    "learn",
    "mydata",
    "members",
    "office",
    "plans",
    "quizzes",
    "reports",
    "roster",
    "rulings",
    "survey",
}
GROUND = {"child", "child_main", "database", "prepared", "settings", "turn"}
SHARED = {"content", "models", "web", "migrations"}
# Whoever starts the program knows all of it.
TOP = {
    "lms.boot.app",
    "lms.boot.cli",
    "lms.boot.key_commands",
    "lms.boot.site",
    "lms.boot.setup",
    "lms.boot.server",
    "lms.boot.backup",
    "lms.boot.demo",
    "lms.boot.demo_bimtek",
    "lms.boot.demo_people",
    "lms.boot.demo_writing",
    "lms.__main__",
}
# What of a feature another may use: reads, writes, and values that two features show.
OPEN = {"queries", "actions"}
VALUES = {
    "lms.people.cards",  # A trainer shows a member their card.
    "lms.people.session",  # Joining a cohort signs the new person in.
    "lms.certificate.sheet_queries",  # The desk says how many wait to be signed, a bimtek's page how one's own stands.
    "lms.cohort.messages",  # What was planned is asked back as who is stuck is written to.
    "lms.quiz.exam_cohort_queries",  # A report says of the tests what their pages say.
    "lms.quiz.form_sheet",  # A trainer reads and fills in a form as its person does.
    "lms.learn.article",  # A draft is previewed as a lesson is read.
    "lms.learn.next_step",  # A result leads on.
    "lms.quiz.forms",  # A form's answers come in as a quiz's do.
    "lms.certificate.office_forms",  # A signer in a file is read as one on the page is.
    "lms.quiz.sheet",  # A lesson shows practice as a quiz shows questions.
}
CORE_LIBRARIES = {
    "lms.course.markup": {"markdown", "markupsafe", "nh3"},
    "lms.course.blocks": {"markdown"},
    "lms.course.gfm": {"markdown", "pymdownx"},
    "lms.certificate.snapshot": {"cryptography"},
    "lms.paper.binding": {"pypdf"},
    "lms.course.redraw": {"PIL"},
    "lms.authoring.intake.sheet": {"openpyxl"},
    "lms.roster.reading": {"openpyxl", "xlrd"},
    "lms.paper.spreadsheet": {"xlsxwriter"},
    "lms.esign.signed_pdf": {"asn1crypto", "pyhanko", "pyhanko_certvalidator", "pypdf"},
    "lms.esign.signing": {"cryptography"},
    "lms.paper.typesetting": {"segno", "typst"},
}
# What reads files that anybody may have made, or is slow to load, is loaded in child processes only.
CHILD_LIBRARIES = {"PIL", "asn1crypto", "openpyxl", "pyhanko", "pyhanko_certvalidator", "pypdf", "xlrd"}
CHILD_MODULES = {name for name, libraries in CORE_LIBRARIES.items() if libraries & CHILD_LIBRARIES}
CHILD_MODULES |= {"lms.people.emblem", "lms.certificate.paper_reading"}


def modules() -> dict[str, str]:
    """Name -> source of every module of the program."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "lms").rglob("*.py"))
        if "versions" not in path.parts
    }


def imports(source: str, names: Iterable[str]) -> Iterator[str]:
    """Modules that a source imports: the deepest name that is one of ours, else the library's first name."""
    known = set(names)
    for node in ast.walk(ast.parse(source)):
        found: list[str] = []
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            deeper = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [name for name in deeper if name in known] or [node.module or ""]
        for name in found:
            yield name if name.partition(".")[0] == "lms" else name.partition(".")[0]


def faults(sources: dict[str, str]) -> list[str]:
    """Every import that points the wrong way."""
    return [
        f"{name} imports {used}: {fault}"
        for name, source in sources.items()
        for used in sorted(set(imports(source, sources)))
        if (fault := _fault(name.removesuffix(".__init__"), used))
    ]


def _fault(name: str, used: str) -> str:
    if used in CHILD_MODULES | CHILD_LIBRARIES and name not in CHILD_MODULES:
        return "a child process is given this, by its name"
    if name.startswith("lms.core"):
        return _core_fault(name, used)
    layer, other = (part.split(".")[1] if part.count(".") else "" for part in (name, used))
    if used.partition(".")[0] != "lms" or name in TOP or layer == other:
        return ""
    if used in TOP:
        return "what starts the program is used by nothing"
    if layer == "models" and other not in ("models", "database", "core"):
        return "tables know nothing but the database"
    if layer in GROUND and other not in GROUND | {"core"}:
        return "the ground knows nothing of what stands on it"
    if layer == "content" and other == "web":
        return "courses are kept without knowing of pages"
    if layer in SHARED and other in FEATURES:
        return "what is shared knows no feature"
    if layer in FEATURES and other in FEATURES:
        private = used.rpartition(".")[2] not in OPEN and used not in VALUES
        return "another feature is used by its queries and actions" if private else ""
    return ""


def _core_fault(name: str, used: str) -> str:
    if used.startswith("lms"):
        return "" if used.startswith("lms.core") else "the core knows nothing outside itself"
    allowed = used in sys.stdlib_module_names or used in CORE_LIBRARIES.get(name, set())
    return "" if allowed else "the core needs the standard library only"


def views_with_queries(sources: dict[str, str]) -> list[str]:
    """Modules that hold statements although it is not their part: views, and models."""
    asking = {"select", "insert", "update", "delete", "session", "execute", "scalar", "scalars"}
    found = []
    for name, source in sources.items():
        if not (name.endswith(".views") or name.startswith("lms.db.tables.")):
            continue
        for node in ast.walk(ast.parse(source)):
            used = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if used in asking and not _is_request_session(node):
                found.append(f"{name}:{node.lineno} {used}")  # type: ignore[attr-defined] # Found nodes are located.
    return found


def _is_request_session(node: ast.AST) -> bool:
    """The cookie's session is no database."""
    return isinstance(node, ast.Name) and node.id == "session"


def impure(sources: dict[str, str]) -> list[str]:
    """Places where the core asks a clock or global chance instead of being told."""
    forbidden = {"now", "today", "utcnow", "time", "random", "urandom", "choice", "shuffle", "token_bytes", "environ"}
    modules_of = {"datetime", "date", "time", "random", "os", "secrets"}
    return [
        f"{name}:{node.lineno} {node.value.id}.{node.attr}"
        for name, source in sources.items()
        if name.startswith("lms.core")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in modules_of
        and node.attr in forbidden
    ]


def test_imports_point_one_way() -> None:
    assert faults(modules()) == []


def test_an_import_that_points_back_is_red() -> None:
    planted = {
        "lms.course.drawing": "from flask import request",
        "lms.web.dates": "from lms.db.engine import db",
        "lms.course.lesson": "import nh3",
        "lms.course.redrawn": "from lms.course.redraw import for_lesson",
        "lms.web.assets": "import PIL",
        "lms.db.tables.people": "from lms.accounts import queries",
        "lms.people.access": "from lms.learn.queries import progress",
        "lms.db.engine": "import lms.db.tables",
        "lms.course.queries": "from lms.web.clock import now",
        "lms.learn.views": "from lms.quiz.views import my_attempt\nfrom lms.quizzes import actions",
        "lms.quiz.queries": "def late():\n    from lms.learn import forms",
        "lms.course.load": "from lms.boot.app import create_app",
    }
    sources = {
        **dict.fromkeys(
            (
                *("lms.quiz.views", "lms.quiz.actions", "lms.learn.forms"),
                *("lms.boot.app", "lms.web.clock", "lms.course.redraw"),
            ),
            "",
        ),
        **planted,
    }
    assert sorted({fault.partition(" ")[0] for fault in faults(sources)}) == sorted(planted)
    assert not any("lms.quiz.actions:" in fault for fault in faults(sources))


def test_every_module_is_in_a_layer() -> None:
    known = FEATURES | SHARED | GROUND | {"core", ""}
    for name in modules():
        layer = name.removesuffix(".__init__").split(".")[1] if "." in name.removesuffix(".__init__") else ""
        assert layer in known or name in TOP, f"{name} belongs to no layer; say in this test to which"


def test_views_and_tables_hold_no_statements() -> None:
    assert views_with_queries(modules()) == []


def test_a_view_with_a_statement_is_red() -> None:
    source = "from lms.db.engine import db\ndef page():\n    return db.session.scalar(select(1))"
    assert len(views_with_queries({"lms.learn.views": source})) == 3


def test_the_core_is_told_the_time_and_the_chance() -> None:
    assert impure(modules()) == []


def test_a_core_that_asks_the_clock_is_red() -> None:
    assert impure({"lms.course.drawing": "import random\nx = random.random()\n"}) == [
        "lms.course.drawing:2 random.random"
    ]


def test_what_may_be_used_across_features_is_used() -> None:
    found = modules()
    used = {name for source in found.values() for name in imports(source, found)}
    assert used >= VALUES
