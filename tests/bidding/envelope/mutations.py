"""Every small change of a header: each bit, each letter, each line. Deterministic, so that a finding stays found.

Enters: the bytes of a header. Leaves: changed headers. The MAC is written anew over what was changed, so that only the
form decides; the last line is changed in a turn of its own.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from bidding.envelope.header import encode64, hkdf

LETTERS = b" \n\r=-A/+>\t\0\x7f\xff1"


def changed_letters(text: bytes) -> Iterator[bytes]:
    """One bit turned, one letter dropped, put in or replaced, at every place."""
    for at in range(len(text)):
        for bit in range(8):
            yield text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]
        yield text[:at] + text[at + 1 :]
        for letter in LETTERS:
            yield text[:at] + bytes([letter]) + text[at:]
            yield text[:at] + bytes([letter]) + text[at + 1 :]


def changed_lines(text: bytes) -> Iterator[bytes]:
    """One line dropped, doubled, swapped with the next, joined to it, cut in two, with blanks or CR; all with CR LF."""
    lines = text.split(b"\n")
    for at, line in enumerate(lines):
        before, after, half = lines[:at], lines[at + 1 :], len(line) // 2
        others = [
            [],
            [line, line],
            [b"", line],
            [line, b""],
            [line[:half], line[half:]],
            [line + b" "],
            [b" " + line],
            [line + b"\r"],
            [line + b"="],
            [line + b"=="],
        ]
        yield from (b"\n".join([*before, *other, *after]) for other in others)
        if after:
            yield b"\n".join([*before, after[0], line, *after[1:]])
            yield b"\n".join([*before, line + after[0], *after[1:]])
    yield text.replace(b"\n", b"\r\n")
    yield text.replace(b"\n", b"\r")
    yield from (text + b"\n" + line for line in lines)


def with_mac(text: bytes, file_key: bytes) -> bytes:
    """A header whose MAC is right over `text`, whatever that is."""
    digest = hmac.digest(hkdf(file_key, b"", b"header"), text, "sha256")
    return text + b" " + encode64(digest) + b"\n"


def mutated(header: bytes, file_key: bytes, *, every: int = 1) -> list[bytes]:
    """Changed headers, each once: all changes of lines, every `every`-th of letters, then those of the last line."""
    text, _, last = header.rpartition(b"---")
    covered = text + b"---"
    letters = list(changed_letters(covered))[::every]
    ends = [covered + one for one in changed_letters(last)][::every] + [
        text + one for one in changed_lines(b"---" + last)
    ]
    found = [with_mac(one, file_key) for one in (*changed_lines(covered), *letters)] + ends
    return sorted(set(found) - {header})
