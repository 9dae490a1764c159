"""Comparison of two spellings of a text: only letters and digits count, in whatever case."""

import unicodedata


def bare(text: str) -> str:
    """sitiaminahspd of “SITI AMINAH, S.Pd.”"""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def parted(text: str) -> str:
    """800/12/psm/2019 of “800 / 12 / PSM. 2019”: bare, with one stroke where other signs or spaces stand between."""
    signs = unicodedata.normalize("NFKC", text).casefold()
    return "/".join("".join(sign if sign.isalnum() else " " for sign in signs).split())


def sought(*texts: str) -> str:
    """The bare texts side by side, in which a bare word is looked for."""
    return " ".join(bare(text) for text in texts)
