"""Messages that leave the desk: words to the stuck and the invited."""

from flask import current_app

from lms.cohort.desk_queries import Learner
from lms.course.load import EditionView
from lms.learn.queries import next_step
from lms.people.access import CohortFacts, Training
from lms.people.messages import OutgoingMessage, written


def nudge(held: Training, edition: EditionView, line: Learner) -> OutgoingMessage:
    """For somebody who has stopped: what they did, and their next step."""
    step, course = next_step(edition, line.progress), _named(held, edition)
    told = {"line": line, "edition": edition, "step": step, "course": course}
    return written("cohort/pesan_macet.txt", line.who.phone, held=held, **told)


def _named(held: CohortFacts, edition: EditionView) -> str:
    """The cohort with its course, which many a cohort is called after."""
    title = edition.course.title
    return held.name if title.casefold() in held.name.casefold() else f"{held.name} ({title})"


def invitation(held: CohortFacts) -> OutgoingMessage:
    """The link to a cohort, for whomever its trainer chooses."""
    return OutgoingMessage(
        f"Salam hormat, Bapak/Ibu. Mari ikut {held.name}. Daftarnya di sini:\n"
        f"{current_app.config['PUBLIC_URL']}/ikut/{held.code}"
    )


def group_message(held: CohortFacts, edition: EditionView) -> OutgoingMessage:
    """For a whole group: nobody is named."""
    return written("cohort/pesan_grup.txt", held=held, course=_named(held, edition))
