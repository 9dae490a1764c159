"""The page that checks alone says of every signature what the server says, of forged and of strange ones too."""

import hashlib
from collections.abc import Callable
from itertools import product

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page

from lms.certificate.snapshot import verify
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

Case = tuple[bytes, bytes, bytes]
"""Public key, text, signature."""
Point = tuple[int, int]

# RFC 8032, 7.1: public key, message, signature.
STANDARD = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
        "d9bef1177331a704",
    ),
]
PRIME = 2**255 - 19
CURVE = -121665 * pow(121666, -1, PRIME)
ORDER = 2**252 + 27742317777372353535851937790883648493
BASE = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
IN_EIGHTHS = int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16)
"""The y of a point that eight times itself is nothing."""
SIGN = 1 << 255
# Every way to write the eight points of the smallest orders, also those that RFC 8032 forbids: a sign where x is 0, and
# a y that is not below the prime.
SMALL = [
    *(each + sign for each in (0, 1, PRIME - 1, PRIME, PRIME + 1) for sign in (0, SIGN)),
    *(each + sign for each in (IN_EIGHTHS, PRIME - IN_EIGHTHS) for sign in (0, SIGN)),
]


def little(number: int) -> bytes:
    return number.to_bytes(32, "little")


def number_of(data: bytes) -> int:
    return int.from_bytes(data, "little")


def own_key(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([seed])).digest())


def signed(seed: int, text: bytes) -> Case:
    """A case that holds, by a key of the test."""
    private = own_key(seed)
    return private.public_key().public_bytes_raw(), text, private.sign(text)


def of_the_standard() -> list[Case]:
    return [(bytes.fromhex(key), bytes.fromhex(text), bytes.fromhex(signature)) for key, text, signature in STANDARD]


def of_any_length() -> list[Case]:
    """Texts that end before, at and behind the ends of the blocks that are hashed."""
    lengths = (0, 1, 12, 46, 47, 48, 49, 63, 64, 65, 127, 128, 174, 175, 176, 177, 191, 192, 255, 300, 1023)
    return [signed(length % 256, (bytes(range(256)) * 4)[:length]) for length in lengths]


def flipped(data: bytes, place: int) -> bytes:
    """The data with one bit turned."""
    return data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]


def altered() -> list[Case]:
    """One bit of each byte turned: in the key, the text, and both halves of the signature; and somebody else's key."""
    key, text, signature = signed(1, b"400.9/001/PSM/2026")
    return [
        *((flipped(key, place), text, signature) for place in range(32)),
        *((key, flipped(text, place), signature) for place in range(len(text))),
        *((key, text, flipped(signature, place)) for place in range(64)),
        *((key, other, signature) for other in (b"", text + b"\0", text[:-1], text * 2)),
        (signed(2, text)[0], text, signature),
        (key, text, signature[32:] + signature[:32]),
    ]


def of_another_length() -> list[Case]:
    """What is cut, filled up, missing or all of one byte."""
    key, text, signature = signed(3, b"Siti Aminah")
    keys = [b"", key[:31], key + b"\0", key * 2, bytes(32), b"\xff" * 32]
    signatures = [b"", signature[:32], signature[:63], signature + b"\0", signature * 2, bytes(64), b"\xff" * 64]
    return [*((each, text, signature) for each in keys), *((key, text, each) for each in signatures)]


def raised() -> list[Case]:
    """The same signature with the order added to its second half, as often as 32 bytes have room for it."""
    key, text, signature = signed(4, b"Siti Aminah")
    number = number_of(signature[32:])
    found = [number + times * ORDER for times in range(16) if number + times * ORDER < 1 << 256]
    return [(key, text, signature[:32] + little(each)) for each in found]


def at_the_edge() -> list[Case]:
    """Second halves just below, at and above the order; the key is nothing, so that R need only be S times the base."""
    numbers = (
        0,
        1,
        *(times * ORDER + near for times in (1, 2) for near in (-1, 0, 1)),
        1 << 252,
        1 << 255,
        (1 << 256) - 1,
    )
    return [(little(1), b"", written(scaled(number, BASE)) + little(number)) for number in numbers]


def of_small_order() -> list[Case]:
    """Keys and first halves that come to nothing, and are true of about one text in eight without any secret."""
    return [(little(key), b"%d" % (key % 97), little(start) + bytes(32)) for key, start in product(SMALL, SMALL)]


def of_mixed_order() -> list[Case]:
    """A point of small order added to the key, the first half or both: true for who multiplies by eight before."""
    secret, once = (number_of(hashlib.sha512(name).digest()) % ORDER for name in (b"rahasia", b"sekali"))
    eighth = point(IN_EIGHTHS)
    cases = []
    for in_key, in_start, text in product((0, 1, 4), (0, 1, 4), (b"a", b"b", b"c", b"d")):
        key = written(added(scaled(secret, BASE), scaled(in_key, eighth)))
        start = written(added(scaled(once, BASE), scaled(in_start, eighth)))
        hashed = number_of(hashlib.sha512(start + key + text).digest())
        cases.append((key, text, start + little((once + hashed * secret) % ORDER)))
    return cases


def of_no_point() -> list[Case]:
    """Keys and first halves of any bytes: of about half there is no such point."""
    key, text, signature = signed(5, b"Siti Aminah")
    drawn = [hashlib.sha256(b"titik %d" % each).digest() for each in range(16)]
    return [
        *((each, text, signature) for each in drawn),
        *((key, text, each + signature[32:]) for each in drawn),
        *((each, text, bytes(64)) for each in drawn),
    ]


def point(y: int) -> Point:
    """The point of this y with an even x."""
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    assert x * x % PRIME == square
    return (PRIME - x if x % 2 else x), y


def added(one: Point, other: Point) -> Point:
    cross = CURVE * one[0] * other[0] * one[1] * other[1]
    x = (one[0] * other[1] + other[0] * one[1]) * pow(1 + cross, -1, PRIME)
    y = (one[1] * other[1] + one[0] * other[0]) * pow(1 - cross, -1, PRIME)
    return x % PRIME, y % PRIME


def scaled(number: int, one: Point) -> Point:
    found = (0, 1)
    for bit in bin(number)[2:]:
        found = added(found, found)
        found = added(found, one) if bit == "1" else found
    return found


def written(one: Point) -> bytes:
    return little(one[1] | (one[0] & 1) << 255)


CHECK = "(cases) => cases.map((case_) => CHECKED(...case_.map((part) => Uint8Array.from(part))))"
OUR_CHECK = CHECK.replace("CHECKED", "isSigned")
BARE_CHECK = CHECK.replace("CHECKED", "((key, text, signature) => nacl.sign.detached.verify(text, signature, key))")


def said(page: Page, site: Site, cases: list[Case], check: str = OUR_CHECK) -> list[bool]:
    """What the page says of each case."""
    page.goto(f"{site.url}/cek/luring")
    found: list[bool] = page.evaluate(check, [[list(part) for part in case] for case in cases])
    return found


GROUPS: dict[Callable[[], list[Case]], set[bool]] = {
    of_the_standard: {True},
    of_any_length: {True},
    altered: {False},
    of_another_length: {False},
    raised: {True, False},
    at_the_edge: {True, False},
    of_small_order: {True, False},
    of_mixed_order: {True, False},
    of_no_point: {False},
}


@pytest.mark.parametrize("group", GROUPS)
def test_the_page_says_what_the_server_says(group: Callable[[], list[Case]], phone: Page, site: Site) -> None:
    cases = group()
    by_server = [verify(*case) for case in cases]
    assert set(by_server) == GROUPS[group]
    assert said(phone, site, cases) == by_server


def test_without_our_look_at_the_order_a_raised_signature_would_pass(phone: Page, site: Site) -> None:
    cases = raised()
    assert [verify(*case) for case in cases] == [True] + [False] * (len(cases) - 1)
    assert said(phone, site, cases, BARE_CHECK) == [True] * len(cases)


def test_its_hash_is_that_of_the_standard(phone: Page, site: Site) -> None:
    phone.goto(f"{site.url}/cek/luring")
    for length in (0, 1, 63, 111, 112, 119, 120, 127, 128, 129, 240, 300):
        text = (bytes(range(256)) * 2)[:length]
        found = phone.evaluate("(bytes) => Array.from(nacl.hash(Uint8Array.from(bytes)))", list(text))
        assert bytes(found) == hashlib.sha512(text).digest()
