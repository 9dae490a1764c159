"""What a child process must survive, or rather its parent: functions that eat, hang, crash and babble."""

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def echo(payload: bytes) -> bytes:
    print("what is printed is no answer")
    return payload


def memory(_: bytes) -> bytes:
    return bytes(2**40)


def many_small_pieces(_: bytes) -> bytes:
    pieces: list[bytes] = []
    while True:
        pieces.append(os.urandom(4096))


def loop(_: bytes) -> bytes:
    while True:
        pass


def sleep(_: bytes) -> bytes:
    time.sleep(600)
    return b""


def family(_: bytes) -> bytes:
    os.fork()
    time.sleep(600)
    return b""


def refuse(payload: bytes) -> bytes:
    raise ValueError(payload.decode())


def fall(_: bytes) -> bytes:
    os.abort()


def babble(_: bytes) -> bytes:
    while True:
        os.write(3, bytes(2**16))


def long_answer(_: bytes) -> bytes:
    return bytes(2**21)


def surroundings(_: bytes) -> bytes:
    files = [str(path.resolve()) for path in Path("/proc/self/fd").iterdir()]
    return f"{dict(os.environ)} {files} {sorted(sys.modules)}".encode()


def write_file(_: bytes) -> bytes:
    path = Path(ROOT) / "tests" / "bombs.txt"
    try:
        path.write_bytes(b"x")
    except OSError as error:
        return str(error.errno).encode()
    finally:
        path.unlink(missing_ok=True)
    return b""
