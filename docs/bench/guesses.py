"""Ten thousand guesses within 24 hours, sent to the pages by every way in: how many of them were worked out.

At most 50 a day may be, for one account, whatever the ways and the browsers: the script fails when it is more.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count, cycle, islice
from pathlib import Path
from unittest.mock import patch

from flask.testing import FlaskClient
from sitting import Learners

from lms.db.engine import writing
from lms.people import actions, guesses, views
from lms.people import key_views as keys_views
from lms.people.cards import card_token
from lms.people.hashing import hash_password, password_matches
from lms.web.clock import Clock

GUESSES = 10_000
STEPS = 24 * 12
"""The clock goes on by five minutes at a time, so that every wait ends as soon as it can."""
PHONE, PASSWORD, LOGIN = "081234567890", "kopi pagi di teras", "retno"
PINS = ("739154", "902847")


class Browser:
    """A browser without script, with a token for its forms."""

    def __init__(self, site: Learners) -> None:
        self.client: FlaskClient = site.app.test_client()
        self.base = site.settings.public_url
        self.token = ""

    def send(self, path: str, **fields: str) -> int:
        """Post a form; a new session brings a new token."""
        for _ in range(2):
            data = {"csrf_token": self.token, **fields}
            status = self.client.post(path, data=data, base_url=self.base).status_code
            if status != 400:
                break
            page = self.client.get("/huruf", base_url=self.base).get_data(as_text=True)
            self.token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        return status


def counted() -> Counter[str]:
    """Fills up with the hashes that are worked out."""
    found: Counter[str] = Counter()

    def noted(encoded: str, password: str) -> bool:
        found[encoded] += 1
        return password_matches(encoded, password)

    for room in (views, keys_views):
        patch.object(room, "password_matches", noted).start()
    return found


def two_accounts(site: Learners) -> dict[str, tuple[int, list[str]]]:
    """A participant with a PIN on each of two merged accounts, and a trainer with a password: id and hashes."""
    pins, password = [hash_password(pin) for pin in PINS], hash_password(PASSWORD)
    with site.app.app_context(), writing():
        one, other = (actions.add_person("Siti Aminah", Clock.source()) for _ in PINS)
        for person, pin in zip((one, other), pins, strict=True):
            person.phone, person.pin_hash = PHONE, pin
        other.merged_into_id = one.id
        trainer = actions.add_staff("Retno Wulandari", LOGIN, password, Clock.source())
        return {"participant": (one.id, pins), "trainer": (trainer.id, [password])}


def known(site: Learners, person_id: int, *, stays: bool = False) -> Browser:
    """A browser that was the person's, signed in by card and out again unless it stays."""
    browser = Browser(site)
    assert browser.send("/kartu/masuk", kode=card_token(site.settings.card_key, person_id, 1)) == 303
    if not stays:
        assert browser.send("/keluar") == 303
    return browser


def ways(site: Learners, participant: int, trainer: int) -> list[Callable[[int], int]]:
    """Every way in, from browsers that are strangers, that were the owner's, and one that still is."""
    stranger, left = Browser(site), known(site, trainer, stays=True)
    of_participant = [stranger, *(known(site, participant) for _ in range(2))]
    of_trainer = [stranger, *(known(site, trainer) for _ in range(2))]
    return [
        *(lambda n, b=b: b.send("/masuk/hp", hp=PHONE, pin=f"{n:06}") for b in of_participant),
        *(lambda n, b=b: b.send("/masuk", nama=LOGIN, sandi=f"tebakan nomor {n}") for b in of_trainer),
        lambda n: left.send("/saya/sandi", lama=f"tebakan nomor {n}", baru="gerobak biru empat roda"),
        lambda n: stranger.send("/masuk/kode", angka=f"{n:08}"),
        lambda n: stranger.send("/kartu/masuk", kode=f"{n:024}"),
        lambda n: stranger.send("/sandi/baru", kode=f"{n:032}", sandi="gerobak biru empat roda"),
    ]


def numbered(tries: list[Callable[[int], int]]) -> Iterator[int]:
    """The answers to guesses without end, each another one, by the ways in turn."""
    return (one(number) for number, one in zip(count(), cycle(tries), strict=False))


def main() -> None:
    """Guess all through a day."""
    with tempfile.TemporaryDirectory() as name:
        site = Learners(Path(name), 1)
        start = Clock.source()
        accounts = two_accounts(site)
        answers = numbered(ways(site, *(person_id for person_id, _ in accounts.values())))
        worked_out, statuses, begun = counted(), Counter[int](), time.perf_counter()
        for step in range(STEPS):
            moment = start + timedelta(days=1) * step / STEPS
            Clock.source = staticmethod(lambda moment=moment: moment)
            statuses.update(islice(answers, GUESSES * (step + 1) // STEPS - GUESSES * step // STEPS))
    print(f"{statuses.total()} guesses in {time.perf_counter() - begun:.0f} s, answered {dict(statuses)}")
    for who, (_, hashes) in accounts.items():
        total = sum(worked_out[each] for each in hashes)
        print(f"worked out for the {who}: {total}")
        assert 0 < total <= guesses.ALL_A_DAY, who


if __name__ == "__main__":
    main()
