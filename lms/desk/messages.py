"""Who is stuck, and what to write to them: polite, with their own next step, ready to be sent by WhatsApp."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from lms.content.load import EditionView
from lms.core.dates import WIB, tanggal
from lms.desk.queries import Line
from lms.learn.next_step import next_step
from lms.web.access import CohortFacts

NARROW = 28
"""Letters that surely fit into a line of the box on a phone of 360 px."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Somebody who has stopped, the message for them, and where it can be sent."""

    line: Line
    days: int
    message: str

    @property
    def phone_hint(self) -> str:
        """Enough of the number to know it again, "" for none."""
        return phone_hint(self.line.who.phone)

    @property
    def rows(self) -> int:
        """Lines of the box that shows all of it."""
        return rows_of(self.message)

    @property
    def whatsapp(self) -> str:
        """Opens WhatsApp with the message written."""
        return whatsapp(self.line.who.phone, self.message)


def phone_hint(phone: str) -> str:
    """The last digits of a number, "" for none."""
    return f"••••{phone[-4:]}" if phone else ""


def whatsapp(phone: str, text: str) -> str:
    """The address that opens WhatsApp with the text written to this number."""
    return f"https://wa.me/62{phone.removeprefix('0')}?text={quote(text)}"


def rows_of(text: str) -> int:
    """How many lines a text takes on a narrow phone."""
    return 1 + sum(max(1, -(-len(line) // NARROW)) for line in text.split("\n"))


def stuck(
    held: CohortFacts, edition: EditionView, lines: Sequence[Line], trainer: str, site: str, now: datetime
) -> list[Stuck]:
    """The messages for these people; `site` is the address of the site."""
    return [
        Stuck(line, line.stuck_days(now), message(held, edition, line, trainer, f"{site}{step.url}", step.label))
        for line in lines
        for step in [next_step(edition, line.progress)]
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
        f"Saya {trainer}, pelatih {held.name} ({edition.course.title}).\n\n"
        f"{past}\n\n"
        f"Langkah Anda berikutnya: {label.removeprefix('Lanjut: ')}\n{link}\n\n"
        "Cukup beberapa menit, dan boleh berhenti di tengah jalan. Bila ada yang sulit atau kartu masuknya hilang, "
        "balas saja pesan ini, saya bantu. Terima kasih."
    )


def group_message(held: CohortFacts, edition: EditionView, site: str) -> str:
    """For a whole group: nobody is named."""
    return (
        f"Salam hormat, Bapak/Ibu peserta {held.name}.\n\n"
        f"Terima kasih sudah belajar bersama di {edition.course.title}. Yang belum sempat melanjutkan, mari kita "
        "teruskan. Sepuluh menit sehari sudah cukup, dan yang sudah selesai tidak hilang.\n\n"
        f"Lanjutkan di sini, halaman ini menunjukkan langkah Anda berikutnya:\n{site}/belajar/{held.slug}\n\n"
        "Bila kartu masuknya hilang atau ada yang sulit, tulis di grup ini atau hubungi saya. Terima kasih."
    )
