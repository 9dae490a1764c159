"""Saving one answer, durably, against a bare one-writer insert; and submitting and grading ten answers."""

import json
import os
import random
import secrets
import tempfile
import time
from functools import partial
from pathlib import Path

from flask_wtf.csrf import generate_csrf
from sitting import SLUG, Learners, free_port, in_turn, median, play, post_json, process

from lms.course.drawing import Sheet, SheetItem, draw_sheet
from lms.course.load import edition_view, rendered_lesson
from lms.course.outline import file_of
from lms.course.queries import read_edition
from lms.db.engine import db, writing
from lms.quiz import actions, queries
from lms.web.clock import now, today

IDENTITY = "konsep-psm/apa-itu-psm"
SECONDS, ROUNDS = 4, 5
ENTRIES = 150


class Attempts:
    """An open attempt of every learner, with the cookie and token that may write to it."""

    def __init__(self, learners: Learners) -> None:
        self.rows: list[tuple[str, str, str]] = []
        app = learners.app
        for device in learners.devices:
            with app.test_request_context():
                from flask import session

                token = generate_csrf()
                cookie = learners.cookie(device, csrf_token=session["csrf_token"])
            with app.app_context():
                self.rows.append((self._open(device), cookie, token))

    def _open(self, device: str) -> str:
        from lms.people.viewer import load_viewer

        who = load_viewer(device)
        assert who is not None
        ref = read_edition(SLUG, who.person_id, today())
        assert ref is not None
        assert ref.enrolment_id is not None
        found = rendered_lesson(edition_view(ref.edition_id, SLUG), IDENTITY)
        assert found is not None
        sheet = draw_sheet(file_of(IDENTITY), found.lesson.quiz, 70, random.Random(1))
        with writing():
            return actions.open_attempt(ref.enrolment_id, ref.edition_id, [IDENTITY], 1, sheet, now())

    def script(self, place: int) -> list[str]:
        """Saves of one learner: a new id and a higher counter each time, as taps come in."""
        attempt, cookie, token = self.rows[place]
        return [
            post_json(
                f"/kuis/{attempt}/jawaban",
                cookie,
                token,
                {"entries": [{"id": secrets.token_urlsafe(12), "number": 1, "counter": count, "value": ["x"]}]},
            )
            for count in range(1, ENTRIES)
        ]


def grade_ten(learners: Learners) -> float:
    """Milliseconds of submitting and grading ten answers, the middle of 50."""
    times = []
    with learners.app.app_context():
        found = rendered_lesson(edition_view(1, SLUG), IDENTITY)
        assert found is not None
        questions = [question for pool in found.lesson.quiz for question in pool.questions][:10]
        rng = random.Random(1)
        sheet = Sheet(
            70, tuple(SheetItem(f"{file_of(IDENTITY)}#{q.slug}", q.hash, q.shown(rng, False)) for q in questions)
        )
        for place in range(50):
            with writing():
                attempt_id = actions.open_attempt(
                    place % len(learners.devices) + 1, 1, [f"{IDENTITY}-{place}"], 1, sheet, now()
                )
            attempt = queries.attempt_of(place % len(learners.devices) + 1, attempt_id)
            assert attempt is not None
            entries = [
                actions.Entry(secrets.token_hex(8), number, number, question.key or ("60",))
                for number, question in enumerate(questions, start=1)
            ]
            by_hash = {question.hash: question for question in questions}
            begun = time.perf_counter()
            with writing():
                actions.save_answers(attempt.id, entries, now())
                actions.submit(attempt, by_hash, now())
            times.append(1000 * (time.perf_counter() - begun))
        db.session.remove()
    return sorted(times)[len(times) // 2]


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        learners = Learners(folder / "data", 32)
        attempts = Attempts(learners)
        print(f"submitting and grading ten answers: {grade_ten(learners):.1f} ms (middle of 50)")
        real, bare = free_port(), free_port()
        body = {"entries": [{"id": "x" * 16, "number": 1, "counter": 1, "value": ["x"]}]}

        def on_real(connections: int) -> dict[str, float]:
            return play(real, [attempts.script(n) for n in range(connections)], SECONDS)

        def on_bare(connections: int) -> dict[str, float]:
            return play(bare, [[post_json("/", "", "", body)]] * connections, SECONDS)

        with (
            process("-m", "lms", "serve", port=real, LMS_DATA=str(folder / "data")),
            process(str(Path(__file__).parent / "bare.py"), port=bare, BARE_DB=str(folder / "bare.db")),
        ):
            for connections in (1, 32):
                found = in_turn(ROUNDS, real=partial(on_real, connections), bare=partial(on_bare, connections))
                a, b = median(found["real"], "a_second"), median(found["bare"], "a_second")
                p95, ratio = median(found["real"], "p95_ms"), 100 * a / b
                print(f"saving an answer, {connections:2} connections: {a:6.1f}/s, p95 {p95:.0f} ms, ", end="")
                print(f"bare insert {b:6.1f}/s, ratio {ratio:.0f}%; {statuses(found['real'])}")
        print(f"write lock held while 32 save: {held(folder, attempts)}")


def held(folder: Path, attempts: Attempts) -> str:
    """How long the write lock is held, in a sitting of its own."""
    port, told = free_port(), folder / "held.json"
    with process(str(Path(__file__).parent / "held.py"), port=port, LMS_DATA=str(folder / "data"), HELD=str(told)):
        play(port, [attempts.script(place) for place in range(32)], SECONDS)
    times = sorted(json.loads(told.read_text()))
    return f"p95 {times[int(0.95 * len(times))]:.1f} ms, longest {times[-1]:.1f} ms, {len(times)} times"


def statuses(rows: list[dict[str, float]]) -> str:
    """How often each status came over all rounds."""
    names = sorted({name for row in rows for name in row if name.startswith("status_")})
    return ", ".join(f"{name} {sum(row.get(name, 0) for row in rows):.0f}" for name in names)


if __name__ == "__main__":
    main()
