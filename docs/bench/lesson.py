"""The lesson page of a learner against a bare view that sends the same bytes compressed once to the same request."""

import tempfile
from contextlib import nullcontext
from pathlib import Path

from sitting import SLUG, Learners, awake, free_port, get, in_turn, median, play, process

LESSON = f"/belajar/{SLUG}/konsep-psm/apa-itu-psm"
SECONDS, ROUNDS = 2, 9


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        learners = Learners(folder / "data", 32)
        cookies = [learners.cookie(device) for device in learners.devices]
        page = folder / "page.gz"
        answer = learners.app.test_client(use_cookies=False).get(
            LESSON, headers={"Cookie": cookies[0], "Accept-Encoding": "gzip"}, base_url="http://127.0.0.1"
        )
        page.write_bytes(answer.data)
        real, bare = free_port(), free_port()
        print(f"lesson page of a learner, {len(answer.data)} bytes compressed; {ROUNDS} rounds of {SECONDS} s, median")
        with (
            process("-m", "lms", "serve", port=real, LMS_DATA=str(folder / "data")),
            process(str(Path(__file__).parent / "bare.py"), str(page), port=bare, BARE_DB=str(folder / "bare.db")),
        ):
            for words, state in (("cores as they are", nullcontext), ("cores kept awake", awake)):
                print(f"  {words}")
                with state():
                    for connections in (1, 32):
                        compare(real, bare, cookies[:connections])


def compare(real: int, bare: int, cookies: list[str]) -> None:
    """Play the page on both in turn, a connection for each cookie, and print how they compare."""
    ours, theirs = ([[get(path, cookie)] for cookie in cookies] for path in (LESSON, "/"))
    found = in_turn(ROUNDS, real=lambda: play(real, ours, SECONDS), bare=lambda: play(bare, theirs, SECONDS))
    a, b = median(found["real"], "a_second"), median(found["bare"], "a_second")
    print(f"  {len(cookies):2} connections: {a:7.1f}/s, bare {b:7.1f}/s, ratio {100 * a / b:.0f}%")


if __name__ == "__main__":
    main()
