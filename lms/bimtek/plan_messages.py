"""Asking back: the message for each who planned something, ready to be sent by WhatsApp, and the one for the group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.bimtek.plan_queries import Plan, Planner, is_asked
from lms.people.access import CohortFacts
from lms.people.messages import Message
from lms.web.dates import WIB, tanggal


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody with their plans, and the message that asks what came of them, None while it is too early or told."""

    who: Planner
    plans: Sequence[Plan]
    message: Message | None


def asked(held: CohortFacts, who: Planner, plans: Sequence[Plan], trainer: str, site: str, today: date) -> Asked:
    """One person's line; `site` is the address of the site."""
    waits = is_asked(plans, today) and any(not plan.done for plan in plans)
    return Asked(who, plans, Message(message(held, who, plans, trainer, site), who.phone) if waits else None)


def message(held: CohortFacts, who: Planner, plans: Sequence[Plan], trainer: str, site: str) -> str:
    """For one person, with their own words."""
    day = tanggal(plans[0].at.astimezone(WIB))
    meant = "\n".join(f"• Bila {plan.occasion}, maka saya akan {plan.action}." for plan in plans)
    return (
        f"Salam hormat, Bapak/Ibu {who.name}.\n"
        f"Saya {trainer}, pelatih {held.name}.\n\n"
        f"Pada {day} Anda menulis rencana:\n{meant}\n\n"
        "Bagaimana kabarnya? Sudah terlaksana, sebagian, atau belum, semuanya berguna bagi kami. "
        f"Ceritakan sebentar di sini:\n{site}/rtl/{held.code}\n\n"
        "Bila ada kendala, balas saja pesan ini, saya bantu. Terima kasih."
    )


def group_message(held: CohortFacts, site: str, *, asks: bool) -> Message:
    """For a whole group, in which nobody is named: asking back, or on the day inviting to write."""
    wanted = (
        "Bagaimana kabar rencana yang Anda tulis seusai bimtek? Sudah terlaksana, sebagian, atau belum, semuanya "
        "berguna bagi kami. Ceritakan sebentar di sini:"
        if asks
        else "Mari tulis rencana tindak lanjut: satu sampai tiga hal kecil yang akan Anda lakukan di desa. Di sini:"
    )
    return Message(f"Salam hormat, Bapak/Ibu peserta {held.name}.\n\n{wanted}\n{site}/rtl/{held.code}\n\nTerima kasih.")
