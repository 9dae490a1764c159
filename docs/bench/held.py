"""The site as it is served; at its end it writes how long the write lock was held, each time, in milliseconds."""

import json
import os
import sys
import time
from pathlib import Path
from typing import ClassVar

from lms.db import engine as database


class Timed(database.WriteLock):
    """Times what happens between getting the lock and letting it go."""

    held: ClassVar[list[float]] = []

    def acquire(self) -> float:
        """The same, then the watch starts."""
        left = super().acquire()
        self._since = time.perf_counter()
        return left

    def release(self) -> None:
        """The watch stops first."""
        self.held.append(1000 * (time.perf_counter() - self._since))
        super().release()


if __name__ == "__main__":
    database.WriteLock = Timed  # type: ignore[misc] # What the bench times in place of what it measures.
    from lms.boot.cli import main

    sys.argv[1:] = ["serve"]
    try:
        main()
    finally:
        Path(os.environ["HELD"]).write_text(json.dumps(Timed.held))
