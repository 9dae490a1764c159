"""Workers: one computes, who waits steps aside, who comes back goes first."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from lms.db.turn import Workers, aside, come_back, let_others, step_aside

SOON = 5.0


class Task:
    """A request as waitress hands it over."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.work = work
        self.done = threading.Event()
        self.cancelled = threading.Event()

    def service(self) -> None:
        try:
            self.work()
        finally:
            self.done.set()

    def cancel(self) -> None:
        self.cancelled.set()


@pytest.fixture
def workers() -> Iterator[Workers]:
    found = Workers(3)
    yield found
    found.shutdown(1)


def hand_in(workers: Workers, *works: Callable[[], None]) -> list[Task]:
    tasks = [Task(work) for work in works]
    for task in tasks:
        workers.add_task(task)
    return tasks


def all_done(tasks: list[Task]) -> bool:
    return all(task.done.wait(SOON) for task in tasks)


def others_run(wanted: Callable[[], bool] = lambda: False, turns: int = 50) -> bool:
    """Let every other thread run that can, so often or until something wanted has come."""
    while not wanted() and turns:
        time.sleep(0)  # Gives the interpreter away; the time plays no part.
        turns -= 1
    return wanted()


def test_two_never_compute_at_once(workers: Workers) -> None:
    computing, most = [0], [0]

    def compute() -> None:
        computing[0] += 1
        most[0] = max(most[0], computing[0])
        others_run()
        computing[0] -= 1

    def compute_wait_compute() -> None:
        compute()
        with aside():
            others_run()
        compute()

    assert all_done(hand_in(workers, *[compute_wait_compute] * 30))
    assert most == [1]


def test_while_one_waits_another_computes(workers: Workers) -> None:
    reached = threading.Event()

    def wait_for_the_other() -> None:
        with aside():
            assert reached.wait(SOON)

    assert all_done(hand_in(workers, wait_for_the_other, reached.set))


@pytest.mark.parametrize("lets", [True, False])
def test_long_work_in_parts_lets_others_go_between(workers: Workers, lets: bool) -> None:
    order: list[str] = []

    def long_work() -> None:
        for _ in range(50):
            if lets and not order:
                let_others()
        order.append("long")

    assert all_done(hand_in(workers, long_work, lambda: order.append("short")))
    assert order == (["short", "long"] if lets else ["long", "short"])


def test_as_many_wait_at_once_as_there_are_threads(workers: Workers) -> None:
    together = threading.Barrier(3)

    def meet() -> None:
        with aside():
            together.wait(SOON)

    assert all_done(hand_in(workers, meet, meet, meet))
    assert not together.broken


def test_who_comes_back_goes_before_a_new_request(workers: Workers) -> None:
    order: list[str] = []
    other_computes = threading.Event()

    def first() -> None:
        with aside():
            assert other_computes.wait(SOON)
        order.append("back")

    def second() -> None:
        other_computes.set()
        assert others_run(lambda: workers._coming_back == 1, turns=10**6)
        order.append("second")

    assert all_done(hand_in(workers, first, second, lambda: order.append("new")))
    assert order == ["second", "back", "new"]


def test_an_error_ends_the_request_and_not_the_worker(workers: Workers, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        with aside():
            raise ValueError("planted")

    assert all_done(hand_in(workers, *[fail] * 4, lambda: None))
    assert "planted" in caplog.text


def test_the_end_waits_for_what_is_under_way_and_gives_up_the_rest() -> None:
    workers = Workers(1)
    begun = threading.Event()

    def long() -> None:
        begun.set()
        assert waiting.cancelled.wait(SOON)
        others_run()

    running, waiting = hand_in(workers, long, lambda: None)
    assert begun.wait(SOON)
    workers.shutdown(SOON)
    assert running.done.is_set()
    assert not waiting.done.is_set()


def test_who_is_no_worker_has_no_turn_to_give_or_take(workers: Workers) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def long() -> None:
        begun.set()
        assert may_end.wait(SOON)

    first, second = hand_in(workers, long, lambda: None)
    assert begun.wait(SOON)
    with aside():  # This thread goes through at once, though the turn is another's.
        assert not others_run(second.done.is_set)
    step_aside()
    come_back()
    assert not others_run(second.done.is_set)
    may_end.set()
    assert all_done([first, second])
