"""A lesson of 10,000 lines read, a course of 60 checked, and the time from a pause in typing to the new preview."""

import os
import re
import statistics
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from sitting import ROOT, SLUG, Learners, free_port, process

from lms.course.check import check_course
from lms.course.folder import read_folder
from lms.course.lesson import parse_lesson
from lms.db.engine import db, writing
from lms.db.tables import Person

LESSON = "konsep-psm/apa-itu-psm.md"
ROUNDS = 20
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"


def parsing() -> None:
    """One lesson of 10,000 lines, made of the practice and quizzes of a bundled one."""
    head, _, pools = (ROOT / "courses" / SLUG / LESSON).read_text(encoding="utf-8").partition("\n## Kuis")
    pool = "\n## Kuis" + pools.partition("\n## Dasar hukum")[0]
    copies = 10_000 // pool.count("\n") + 1
    source = head + "".join(pool.replace("\n### ", f"\n### Nomor {number} ") for number in range(copies))
    begun = time.perf_counter()
    parse_lesson(LESSON, source)
    print(f"parsing a lesson of {source.count(chr(10))} lines: {time.perf_counter() - begun:.3f} s")


def checking() -> None:
    """A course with 60 lessons, made of the bundled ones."""
    files = read_folder(ROOT / "courses" / SLUG)
    lessons = [path for path in files if path.endswith(".md") and "/" in path and not path.startswith("asesmen/")]
    many = {path: data for path, data in files.items() if path not in lessons}
    names = [f"banyak/p{number}.md" for number in range(60)]
    many |= {name: files[lessons[number % len(lessons)]] for number, name in enumerate(names)}
    listed = ", ".join(f'"{name}"' for name in names).encode()
    many["kursus.toml"] = re.sub(
        rb"pelajaran = \[[^\]]*\]", b"pelajaran = [" + listed + b"]", files["kursus.toml"], count=1
    )
    begun = time.perf_counter()
    report = check_course(many, date(2026, 11, 24))
    took = time.perf_counter() - begun
    size = sum(len(many[name]) for name in names) / 1000
    print(f"checking a course of 60 lessons ({size:.0f} KB, {len(report.lessons)} read): {took:.2f} s")


def previewing() -> None:
    """Type a word in Chromium until the preview shows it."""
    with TemporaryDirectory() as name:
        learners = Learners(Path(name), 1)
        with learners.app.app_context(), writing():
            db.session.query(Person).one().is_admin = True
        port = free_port()
        with process("-m", "lms", "serve", port=port, LMS_DATA=name), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
            value = learners.cookie(learners.devices[0]).partition("=")[2]
            context.add_cookies([{"name": "sinau", "value": value, "url": f"http://127.0.0.1:{port}"}])
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{port}/pelatih/kursus/{SLUG}/sunting/{LESSON}")
            page.frame_locator("#layar iframe").locator("h1").wait_for()
            size = len(page.input_value("#teks").encode())
            page.evaluate("const a = document.getElementById('teks'); a.focus(); a.setSelectionRange(60, 60)")
            times = [page.evaluate(TYPED, f"kata{number}x ") for number in range(ROUNDS)]
            browser.close()
    print(
        f"typing to updated preview, {size / 1000:.0f} KB: "
        f"median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms"
    )


# Types a word and waits until the page in the frame has it.
TYPED = """word => new Promise(done => {
  const begun = performance.now();
  document.execCommand('insertText', false, word);
  const page = document.querySelector('#layar iframe').contentDocument;
  const watch = setInterval(() => {
    if (!page.body.textContent.includes(word.trim())) return;
    clearInterval(watch);
    requestAnimationFrame(() => done(performance.now() - begun));
  }, 2);
})"""


if __name__ == "__main__":
    parsing()
    checking()
    previewing()
