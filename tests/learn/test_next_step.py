"""The one next step: every page's main button leads where the learner has to go."""

import re

from tests.conftest import SLUG, Cast, Client, add_member, add_person, sign_in
from tests.quiz.sitting import ONE, TWO, sit

PAGE = f"/belajar/{SLUG}"


def main_step(text: str) -> str:
    """Where the last main button of a page leads; "POST" for one that sends a form."""
    block = text.rpartition('<div class="next"')[2]
    links = re.findall(r'<a class="btn" href="([^"]*)"', block)
    return "POST" if re.search(r'<button class="btn"', block) else links[-1]


def test_every_page_on_the_way_has_its_next_step(learner: Client) -> None:
    assert main_step(learner.page("/")) == f"{PAGE}/{ONE}"
    assert main_step(learner.page(PAGE)) == f"{PAGE}/{ONE}"
    assert main_step(learner.page(f"{PAGE}/{ONE}")) == "POST"
    assert learner.send(f"{PAGE}/{ONE}").location == f"/mulai-kuis/{SLUG}/{ONE}"
    assert main_step(learner.page(f"{PAGE}/{ONE}")) == f"/mulai-kuis/{SLUG}/{ONE}"
    assert main_step(learner.page(f"/mulai-kuis/{SLUG}/{ONE}")) == "POST"
    sitting = sit(learner, ONE)
    assert main_step(learner.page(f"/mulai-kuis/{SLUG}/{ONE}")) == f"/kuis/{sitting.id}"
    assert main_step(sitting.look()) == "POST"
    sitting.submit()
    assert main_step(sitting.result()) == f"{PAGE}/{TWO}"
    assert main_step(learner.page(f"{PAGE}/{ONE}")) == f"{PAGE}/{TWO}"
    assert learner.send(f"{PAGE}/{TWO}").location == f"/mulai-kuis/{SLUG}/{TWO}"
    last = sit(learner, TWO)
    last.submit()
    assert main_step(last.result()) == f"/sertifikat/ambil/{SLUG}"
    assert main_step(learner.page(f"/sertifikat/ambil/{SLUG}")) == "POST"
    assert main_step(learner.page(PAGE)) == main_step(learner.page("/")) == f"/sertifikat/ambil/{SLUG}"


def test_what_was_skipped_comes_after_what_follows(learner: Client) -> None:
    assert learner.send(f"{PAGE}/{TWO}").location == f"/mulai-kuis/{SLUG}/{TWO}"
    sitting = sit(learner, TWO)
    sitting.submit()
    assert main_step(sitting.result()) == f"{PAGE}/{ONE}"


def test_a_quiz_left_out_is_the_next_step_when_all_is_read(learner: Client) -> None:
    for lesson in (ONE, TWO):
        learner.send(f"{PAGE}/{lesson}")
    assert main_step(learner.page(PAGE)) == f"/mulai-kuis/{SLUG}/{ONE}"
    sit(learner, ONE).submit()
    assert main_step(learner.page(PAGE)) == f"/mulai-kuis/{SLUG}/{TWO}"


def test_a_failed_quiz_leads_to_trying_again(learner: Client) -> None:
    learner.send(f"{PAGE}/{ONE}")
    sitting = sit(learner, ONE)
    sitting.submit(right=False)
    assert main_step(sitting.result()) == f"/mulai-kuis/{SLUG}/{ONE}"


def test_who_only_joined_a_bimtek_is_not_sent_round_in_circles(client: Client, cast: Cast) -> None:
    person_id = add_person("Wagiyem")
    add_member(person_id, cast.bimtek)
    sign_in(client, person_id)
    for lesson in (ONE, TWO):
        client.send(f"{PAGE}/{lesson}")
        sit(client, lesson).submit()
    text = client.page(PAGE)
    assert main_step(text) == PAGE
    assert "Sertifikatnya diterbitkan oleh penyelenggara." in text
    assert "siap diambil" not in text
