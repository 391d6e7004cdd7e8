"""Pure. Bech32 (BIP 173) without its limit of 90 characters: how age writes keys.

Enters: a prefix and bytes, or the text of a key. Leaves: the text, or prefix and bytes.
"""

from __future__ import annotations

from typing import NoReturn

from ledger.errors import _, refused

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate(GENERATOR):
            check ^= term if top >> bit & 1 else 0
    return check


def _spread(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _to_fives(data: bytes) -> list[int]:
    count = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (count * 5 - len(data) * 8)
    return [number >> 5 * (count - 1 - place) & 31 for place in range(count)]


def encode(prefix: str, data: bytes) -> str:
    """`data` under `prefix`, in lower case."""
    fives = _to_fives(data)
    check = _polymod([*_spread(prefix), *fives, 0, 0, 0, 0, 0, 0]) ^ 1
    fives += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1{''.join(ALPHABET[five] for five in fives)}"


def decode(text: str) -> tuple[str, bytes]:
    """Prefix (lower case) and bytes of `text`; refused: mixed case, foreign letters, wrong checksum, loose bits."""
    if text not in {text.lower(), text.upper()}:
        _refuse()
    prefix, one, rest = text.lower().rpartition("1")
    if not one or not prefix or len(rest) < 6 or not set(rest) <= set(ALPHABET) or not _visible(prefix):
        _refuse()
    fives = [ALPHABET.index(letter) for letter in rest]
    if _polymod([*_spread(prefix), *fives]) != 1:
        _refuse()
    return prefix, _to_bytes(fives[:-6])


def _visible(prefix: str) -> bool:
    return all(33 <= ord(letter) <= 126 for letter in prefix)


def _to_bytes(fives: list[int]) -> bytes:
    number = 0
    for five in fives:
        number = number << 5 | five
    loose = len(fives) * 5 % 8
    if loose >= 5 or number & ((1 << loose) - 1):
        _refuse()
    return (number >> loose).to_bytes(len(fives) * 5 // 8, "big")


def _refuse() -> NoReturn:
    refused("bidding.key_text", _("This is not the text of a key."))
