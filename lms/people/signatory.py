"""Who the office is and who signs for it, as sheets and lists show them: values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IssuingOffice:
    """The issuer as the head of the sheet shows it; `emblem` is the SHA-256 of a PNG, "" for the space left for one."""

    government: str
    name: str
    address: str
    place: str
    emblem: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """`on_behalf` is "", a line above the title ("a.n. Bupati Wonogiri"), or "Plt." or "Plh." before it."""

    title: str
    on_behalf: str
    name: str
    rank: str
    nip: str


def signer_lines(signer: Signatory) -> list[str]:
    """The lines above the signature; the last one ends with a comma. " / " in a title begins a line."""
    title = f"{signer.title},".split(" / ")
    if signer.on_behalf in ("Plt.", "Plh."):
        return [f"{signer.on_behalf} {title[0]}", *title[1:]]
    return [line for line in (signer.on_behalf, *title) if line]


def signs_as(signer: Signatory) -> str:
    """Return the lines above the signature as one, with commas where the sheet begins a line."""
    return ", ".join(signer_lines(signer)).removesuffix(",")
