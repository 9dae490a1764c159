"""What of a text counts when two spellings of it are compared: letters and digits, in whatever case."""

import unicodedata


def bare(text: str) -> str:
    """sitiaminahspd of “SITI AMINAH, S.Pd.”"""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def sought(*texts: str) -> str:
    """The bare texts side by side, in which a bare word is looked for."""
    return " ".join(bare(text) for text in texts)
