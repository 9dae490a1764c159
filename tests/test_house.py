"""House rules about the shape of the code, each with a planted fault that must be seen."""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lms.db.settings import ROOT

LONGEST_FUNCTION = 60
SHORT_FUNCTION = 30
SHORT_SHARE = 0.9
LONGEST_MODULE = 600
ROOMS = {
    "boot": 1_320,
    "authoring": 3_324,
    "report": 845,
    "esign": 551,
    "certificate": 2_935,
    "roster": 1_597,
    "cohort": 1_822,
    "bimtek": 1_252,
    "learn": 761,
    "quiz": 2_182,
    "people": 3_027,
    "course": 4_979,
    "paper": 507,
    "web": 551,
    "db": 1_171,
}
"""Room -> its most lines of code. What a room needs it takes from another; the sum is never raised."""
WHOLE_PROGRAM = 26_920
MARKUP_ONLY_IN = "lms/course/markup.py"
COMMIT_ONLY_IN = "lms/db/engine.py"
SQLITE_ONLY_IN = {"lms/db/engine.py", "lms/boot/backup.py"}
SQLITE = re.compile(r"PRAGMA|sqlite_master|VACUUM|AUTOINCREMENT|julianday|strftime\(|datetime\('now|GLOB '")
LEFT_OVER = re.compile(r"\b(TODO|FIXME|HACK)\b")
MACHINE = re.compile(r"""["'`](/home/|/root/|/tmp/|/opt/|/mnt/|/Users/|[A-Z]:\\)""")
EMPTY_NAMES = {"utils", "util", "helpers", "common", "services", "misc", "tools", "base_utils"}


parsed = cache(ast.parse)


def python_files(*folders: str) -> dict[str, str]:
    """Path below the root -> source."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "versions" not in path.parts
    }


def templates() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "templates").rglob("*.html"))
    }


def lengths(files: dict[str, str]) -> Iterator[tuple[str, int]]:
    """(name, lines) of every function, its docstring and decorators included."""
    for path, source in files.items():
        for node in ast.walk(parsed(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                yield f"{path}:{start} {node.name}", (node.end_lineno or start) - start + 1


def too_long(files: dict[str, str]) -> list[str]:
    """Functions and modules that nobody reads in one go."""
    found = [f"{name}: {lines} lines" for name, lines in lengths(files) if lines > LONGEST_FUNCTION]
    found += [path for path, source in files.items() if source.count("\n") > LONGEST_MODULE]
    sizes = [lines for _, lines in lengths(files)]
    short = sum(lines <= SHORT_FUNCTION for lines in sizes)
    return found + (["too few short functions"] if sizes and short < SHORT_SHARE * len(sizes) else [])


def without_docstring(files: dict[str, str]) -> list[str]:
    """Modules and public classes and functions that do not say what they are for."""
    found = []
    for path, source in files.items():
        tree = parsed(source)
        if not ast.get_docstring(tree):
            found.append(path)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                found += [] if ast.get_docstring(node) else [f"{path} {node.name}"]
    return found


def calls(files: dict[str, str], names: set[str], allowed: str) -> list[str]:
    """Where something is called that has one place only; `names` are "Markup" or "session.commit"."""
    found = []
    for path, source in files.items():
        for node in ast.walk(parsed(source)) if path != allowed else ():
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                found += [f"{path}:{node.lineno}" for name in names if called == name or called.endswith(f".{name}")]
    return found


def trusting(files: dict[str, str]) -> list[str]:
    """Markup made of anything but a literal text: that alone puts outside words past the escaping."""
    found = []
    for path, source in files.items():
        for node in ast.walk(parsed(source)) if path != MARKUP_ONLY_IN else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Markup", "markupsafe.Markup"):
                literal = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
                found += [] if literal else [f"{path}:{node.lineno}"]
    return found


def unescaped(files: dict[str, str]) -> list[str]:
    """Templates that switch the escaping off."""
    off = re.compile(r"\|\s*safe\b|autoescape|\bMarkup\b")
    return [path for path, source in files.items() if off.search(source)]


def lines_with(pattern: re.Pattern[str], files: dict[str, str]) -> list[str]:
    return [
        f"{path}:{number}"
        for path, source in files.items()
        for number, line in enumerate(source.splitlines(), start=1)
        if pattern.search(line)
    ]


PROGRAM = python_files("lms")


def test_functions_and_modules_are_short() -> None:
    assert too_long(PROGRAM) == []


def test_no_test_is_long_either() -> None:
    assert [name for name, lines in lengths(python_files("tests")) if lines > LONGEST_FUNCTION] == []


def test_a_long_function_and_a_long_module_are_red() -> None:
    body = "    x = 1\n" * LONGEST_FUNCTION
    assert too_long({"a.py": f"def f() -> None:\n{body}"}) == ["a.py:1 f: 61 lines", "too few short functions"]
    assert too_long({"b.py": "x = 1\n" * (LONGEST_MODULE + 1)}) == ["b.py"]


def code_lines(source: str) -> int:
    """Lines that hold code: no blank ones, no comments, no docstrings."""
    said = set()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            said |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    empty = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    held = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in empty:
            held |= set(range(token.start[0], token.end[0] + 1))
    return len(held - said)


def too_big(files: dict[str, str]) -> list[str]:
    """Rooms that hold more than they may."""
    sizes = Counter[str]()
    for path, source in files.items():
        sizes[Path(path).parts[1]] += code_lines(source)
    return [f"{room}: {size} lines" for room, size in sizes.items() if size > ROOMS.get(room, 10)]


def test_each_room_and_the_whole_program_stay_within_their_bounds() -> None:
    assert too_big(PROGRAM) == []
    assert sum(ROOMS.values()) <= WHOLE_PROGRAM


def test_a_room_that_grows_past_its_bound_is_red() -> None:
    source = '"""Says nothing."""\n\n# A comment.\n' + "x = 1\n" * (ROOMS["web"] + 1)
    assert too_big({"lms/web/a.py": source}) == [f"web: {ROOMS['web'] + 1} lines"]
    assert too_big({"lms/web/a.py": source.removesuffix("x = 1\n")}) == []


def test_every_module_and_public_name_says_what_it_is_for() -> None:
    assert without_docstring({path: source for path, source in PROGRAM.items() if "migrations" not in path}) == []


def test_a_module_without_a_docstring_is_red() -> None:
    assert without_docstring({"a.py": "def f():\n    pass\n"}) == ["a.py", "a.py f"]


def test_html_is_trusted_in_one_place_only() -> None:
    assert trusting(PROGRAM) == []
    assert unescaped(templates()) == []


def test_trusted_html_elsewhere_is_red() -> None:
    assert trusting({"lms/a.py": 'Markup(name)\nMarkup("<b>") + Markup(f"{name}")\n'}) == ["lms/a.py:1", "lms/a.py:2"]
    assert unescaped({"a.html": "{{ name | safe }}", "b.html": "{% autoescape false %}", "c.html": "{{ name }}"}) == [
        "a.html",
        "b.html",
    ]


def test_only_the_write_itself_commits() -> None:
    assert calls(PROGRAM, {"session.commit", "session.begin"}, COMMIT_ONLY_IN) == []


def test_a_commit_elsewhere_is_red() -> None:
    planted = {"lms/learn/actions.py": "def f():\n    db.session.commit()\n"}
    assert calls(planted, {"session.commit"}, COMMIT_ONLY_IN) == ["lms/learn/actions.py:2"]


def test_one_database_alone_is_spoken_to_where_the_backup_and_the_engine_are() -> None:
    """Everything else works on PostgreSQL too."""
    elsewhere = {path: source for path, source in PROGRAM.items() if path not in SQLITE_ONLY_IN}
    assert lines_with(SQLITE, {path: source for path, source in elsewhere.items() if "migrations" not in path}) == []
    assert lines_with(SQLITE, {"a.py": 'db.session.execute(text("PRAGMA user_version"))\n'}) == ["a.py:1"]


def test_nothing_is_put_off() -> None:
    everything = {**python_files("lms", "tests"), **templates()}
    everything = {path: source for path, source in everything.items() if not path.endswith("test_house.py")}
    assert lines_with(LEFT_OVER, everything) == []
    assert lines_with(LEFT_OVER, {"a.py": "x = 1\n# TODO later\n"}) == ["a.py:2"]


def test_no_path_of_a_machine_is_written_down() -> None:
    assert lines_with(MACHINE, {**PROGRAM, **templates()}) == []
    assert lines_with(MACHINE, {"a.py": 'open("/tmp/x")\n'}) == ["a.py:1"]


def vague(paths: list[str]) -> list[str]:
    """Modules named after nothing."""
    return [path for path in paths if EMPTY_NAMES & set(Path(path).with_suffix("").parts)]


def test_modules_are_named_by_what_they_are() -> None:
    assert vague(list(PROGRAM)) == []
    assert vague(["lms/web/utils.py", "lms/helpers/a.py", "lms/web/clock.py"]) == [
        "lms/web/utils.py",
        "lms/helpers/a.py",
    ]


def test_the_program_speaks_indonesian_to_its_readers_only() -> None:
    """Templates have no words of English between tags; the client of the tests looks at the rendered pages too."""
    words = re.compile(r">\s*(Submit|Save|Cancel|Next|Login|Error|Loading)\b")
    assert lines_with(words, templates()) == []
    assert lines_with(words, {"a.html": "<button>Save</button>"}) == ["a.html:1"]


def missing_proofs(text: str) -> list[str]:
    """Every test that a table names and that is not there."""
    found = []
    for name in re.findall(r"`(tests/[^`]+)`", text):
        path, _, test = name.partition("::")
        file = ROOT / path
        if not file.is_file() or (test and f"def {test}(" not in file.read_text(encoding="utf-8")):
            found.append(name)
    return found


def test_every_feature_of_the_list_names_a_test_that_is_there() -> None:
    assert missing_proofs((ROOT / "docs" / "fitur.md").read_text(encoding="utf-8")) == []


def test_a_feature_without_its_test_is_red() -> None:
    assert missing_proofs("| `tests/test_house.py::test_no_such_thing` | `tests/none.py` |") == [
        "tests/test_house.py::test_no_such_thing",
        "tests/none.py",
    ]


def told_twice(files: dict[str, str]) -> list[str]:
    """Class names that stand for several things."""
    names = Counter(
        node.name for source in files.values() for node in parsed(source).body if isinstance(node, ast.ClassDef)
    )
    return sorted(name for name, times in names.items() if times > 1)


def test_a_class_name_stands_for_one_thing() -> None:
    assert told_twice(PROGRAM) == []
    assert told_twice({"a.py": "class Line: ...", "b.py": "class Line: ...\nclass Place: ..."}) == ["Line"]
