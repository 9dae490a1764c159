"""Who is stuck, and what to write to them: polite, with their own next step, ready to be sent by WhatsApp."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.cohort.desk_queries import Line
from lms.course.load import EditionView
from lms.learn.next_step import next_step
from lms.people.access import CohortFacts
from lms.people.messages import Message
from lms.web.dates import WIB, tanggal


@dataclass(frozen=True, slots=True)
class Stuck:
    """Somebody who has stopped, and the message for them."""

    line: Line
    days: int
    message: Message


def stuck(
    held: CohortFacts, edition: EditionView, lines: Sequence[Line], trainer: str, site: str, now: datetime
) -> list[Stuck]:
    """The messages for these people; `site` is the address of the site."""
    return [
        Stuck(line, line.stuck_days(now), Message(text, line.who.phone))
        for line in lines
        for step in [next_step(edition, line.progress)]
        for text in [message(held, edition, line, trainer, f"{site}{step.url}", step.label)]
    ]


def message(held: CohortFacts, edition: EditionView, line: Line, trainer: str, link: str, label: str) -> str:
    """For one person."""
    day = tanggal(line.who.since.astimezone(WIB))
    done, total = sum(module.done for module in line.modules), len(edition.order)
    if not line.who.begun:
        past = f"Nama Anda sudah terdaftar sejak {day}. Belajarnya dapat dimulai kapan saja dari HP."
    elif done:
        past = f"Terima kasih, {done} dari {total} pelajaran sudah selesai. Terakhir Anda belajar {day}."
    else:
        past = f"Terima kasih sudah mulai belajar. Terakhir Anda membuka kursus {day}."
    return (
        f"Salam hormat, Bapak/Ibu {line.who.name}.\n"
        f"Saya {trainer}, pelatih {_named(held, edition)}.\n\n"
        f"{past}\n\n"
        f"Langkah Anda berikutnya: {label.removeprefix('Lanjut: ')}\n{link}\n\n"
        "Cukup beberapa menit, dan boleh berhenti di tengah jalan. Bila ada yang sulit atau kartu masuknya hilang, "
        "balas saja pesan ini, saya bantu. Terima kasih."
    )


def _named(held: CohortFacts, edition: EditionView) -> str:
    """The cohort with its course, which many a cohort is called after."""
    title = edition.course.title
    return held.name if title.casefold() in held.name.casefold() else f"{held.name} ({title})"


def invitation(held: CohortFacts, site: str) -> Message:
    """The link to a cohort, for whomever its trainer chooses."""
    return Message(f"Salam hormat, Bapak/Ibu. Mari ikut {held.name}. Daftarnya di sini:\n{site}/ikut/{held.code}")


def group_message(held: CohortFacts, edition: EditionView, site: str) -> Message:
    """For a whole group: nobody is named."""
    return Message(
        f"Salam hormat, Bapak/Ibu peserta {_named(held, edition)}.\n\n"
        "Terima kasih sudah belajar bersama. Yang belum sempat melanjutkan, mari kita "
        "teruskan. Sepuluh menit sehari sudah cukup, dan yang sudah selesai tidak hilang.\n\n"
        f"Lanjutkan di sini, halaman ini menunjukkan langkah Anda berikutnya:\n{site}/belajar/{held.slug}\n\n"
        "Bila kartu masuknya hilang atau ada yang sulit, tulis di grup ini atau hubungi saya. Terima kasih."
    )
