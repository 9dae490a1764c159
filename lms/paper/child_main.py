"""The child's side of `lms.paper.child`: a script that limits itself, then gives bytes to one function of the core."""

import importlib
import os
import resource
import sys
import traceback

SPENT_MEMORY, FAULT = 3, 4
GOES_AFTER_PAGES = 5
MOST_FILES = 32


def main() -> None:
    """Answer on what was standard output; whatever else is printed goes nowhere."""
    root, function, seconds, megabytes = sys.argv[1:]
    with open(os.dup(1), "wb") as answers, open(0, "rb") as payload:
        os.dup2(2, 1)
        os.nice(GOES_AFTER_PAGES)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_AS, int(megabytes) * 2**20)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        sys.path.insert(0, root)
        code, answer = 0, b""
        try:
            module, _, name = function.partition(":")
            work = getattr(importlib.import_module(module), name)
            # Only now, since importing may keep what it compiled.
            _limit(resource.RLIMIT_FSIZE, 0)
            _limit(resource.RLIMIT_NOFILE, MOST_FILES)
            answer = work(payload.read())
        except MemoryError:
            code = SPENT_MEMORY
        except Exception as error:
            code, answer = FAULT, _place(error).encode()
        answers.write(answer)
        answers.flush()
        os._exit(code)


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


def _place(error: Exception) -> str:
    """Return what failed and where, without the message: it may hold what somebody sent."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}"


if __name__ == "__main__":
    main()
