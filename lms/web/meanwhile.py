"""A form of what several people may change at once: what was not touched stays, what two changed is told to the second.

Beside each field the form sends what it showed (`tadi-…`, the macro `tadi`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.web.plain import normalised


@dataclass(frozen=True, slots=True)
class Laid:
    """The fields of the form as they are to be read, and of those that another changed too what to say about it."""

    typed: Mapping[str, str]
    told: Mapping[str, str]


def laid_over(present: Mapping[str, str], form: Mapping[str, str]) -> Laid:
    """Lay what was typed over what the fields hold now; a form that does not say what it showed showed that.

    A field that the form does not have stays as it is: an older form, kept open, may ask for some of them only.
    """
    typed: dict[str, str] = {}
    told: dict[str, str] = {}
    for name, now in present.items():
        said = normalised(form.get(name, now))
        shown = normalised(form.get(f"tadi-{name}", now))
        typed[name] = now if said == shown else said
        if now not in (shown, typed[name]):
            words = f"mengubahnya menjadi “{'; '.join(now.splitlines())}”" if now else "mengosongkannya"
            told[name] = f"Sementara itu pelatih lain {words}. Simpan lagi bila isian Anda ini yang dipakai."
    return Laid(typed, told)
