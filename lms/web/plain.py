"""Text as it arrives, made plain."""


def normalised(source: str) -> str:
    """Source with one kind of line end, no byte order mark, and NUL shown as the replacement character."""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
