"""Strict, and no stricter than the specification: our reader beside pyrage, age-encryption and the `age` tool on
headers that were changed in every small way. Each difference has a code and a sentence of the specification, or fails.

Daily every ninth change of a letter and all changes of lines; under ./sunlight deep all of them.
"""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bidding.envelope.age import decrypt
from bidding.envelope.header import Stanza, encode64, header_length, hkdf, make_header
from bidding.envelope.receiving import check_header
from bidding.envelope.scrypt import Passphrase
from bidding.envelope.x25519 import LABEL, NO_NONCE, PRIME
from ledger.errors import Refused
from tests.bidding.envelope.makers import FILE_KEY, identity, sealed_bid
from tests.bidding.envelope.mutations import mutated, with_mac
from tests.bidding.envelope.second_opinions import (
    opened_by_age,
    opened_by_age_encryption,
    opened_by_pyrage,
)

DEEP = os.environ.get("SUNLIGHT_DEEP") == "1"
EVERY = 1 if DEEP else 9
KEY = identity("b")
CONTENT = b"sixteen bytes ok"
BID = sealed_bid(package=CONTENT)
PAYLOAD = BID.data[BID.received.length :]
SEVERAL = make_header(
    FILE_KEY,
    (
        Stanza("sunlight.opening/1", ("2(a,c,r)", "AAAA"), bytes(range(48))),
        KEY.recipient.wrap(FILE_KEY),
        Stanza("grease", (), b""),
        Stanza("more", ("x",), bytes(100)),
    ),
).write()


@cache
def envelopes() -> tuple[bytes, ...]:
    """Changed headers of an honest envelope, each before its payload."""
    return tuple(one + PAYLOAD for one in mutated(BID.received.header.write(), FILE_KEY, every=EVERY))


@cache
def files() -> tuple[bytes, ...]:
    """Those, changed headers of a file with four stanzas, and headers made to try one rule each."""
    others = mutated(SEVERAL, FILE_KEY, every=EVERY)
    return (*envelopes(), *(one + PAYLOAD for one in others), *tried().values())


def x25519(share: bytes, secret: bytes) -> Stanza:
    """A stanza that opens for `KEY` where a reader takes `share` and comes to `secret`."""
    wrap = hkdf(secret, share + KEY.recipient.key, LABEL)
    return Stanza("X25519", (encode64(share).decode(),), ChaCha20Poly1305(wrap).encrypt(NO_NONCE, FILE_KEY, None))


@cache
def tried() -> dict[str, bytes]:
    """Headers that a lenient reader would open."""
    own, base = KEY.recipient.wrap(FILE_KEY), KEY.recipient.key  # X25519(key, 9) is the public key
    twice = Stanza("X25519", (*own.arguments, own.arguments[0]), own.body)
    headers = {
        "share not below p": (x25519((PRIME + 9).to_bytes(32, "little"), base),),
        "share with its highest bit": (x25519((9 + 2**255).to_bytes(32, "little"), base),),
        "share of low order": (x25519(bytes(32), bytes(32)),),
        "beside a passphrase": (Passphrase("x", 2).wrap(FILE_KEY), own),
        "a spoilt stanza first": (twice, own),
        "a spoilt stanza later": (own, twice),
        "a body too long": (Stanza(own.kind, own.arguments, own.body + bytes(1)), own),
        "longer than an envelope's": (own, Stanza("more", (), bytes(9000))),
        "a line over our limit": (own, Stanza("more", ("x" * 9000,), b"")),
        "a hundred stanzas": (*[Stanza("more", (), b"")] * 100, own),
    }
    found = {name: make_header(FILE_KEY, stanzas).write() + PAYLOAD for name, stanzas in headers.items()}
    found["nobody"] = with_mac(b"age-encryption.org/v1\n---", FILE_KEY) + PAYLOAD
    return found


@cache
def ours(data: bytes) -> str:
    """`opens`, or the code of the refusal."""
    try:
        decrypt(io.BytesIO(data), io.BytesIO(), [KEY])
    except Refused as refusal:
        return refusal.codes[0]
    return "opens"


# Why we refuse what another reader opens: the specification's sentence, and a look at the bytes that shares no code
# with the parser.


@dataclass(frozen=True)
class Why:
    says: str
    explains: Callable[[bytes], bool]


def text_of(data: bytes) -> bytes:
    """The header through its last line, by the shape of that line alone."""
    found = re.search(rb"\A.*?\n--- [^\n]*\n", data, re.DOTALL)
    assert found is not None, data
    return found[0]


def without_last_line(data: bytes) -> bool:
    """A stanza whose lines are all of 64 columns, and which is as it must be once it gets its empty last line."""
    bare = rb"((?:^|\n)-> [^\n]*(?:\n[A-Za-z0-9+/]{64})*)(?=\n-> |\n---)"
    mended = re.sub(bare, rb"\1\n", text_of(data).rpartition(b"---")[0].removesuffix(b"\n") + b"\n---")
    return ours(with_mac(mended, FILE_KEY) + PAYLOAD) == "opens"


def high_share(data: bytes) -> bool:
    """A share that is no number below p."""
    shares = re.findall(rb"-> X25519 ([A-Za-z0-9+/]{43})\n", data)
    return any(int.from_bytes(base64.b64decode(share + b"="), "little") >= 2**255 - 19 for share in shares)


WHY = {
    "bidding.stanza_body": Why(
        "C2SP age.md, recipient stanza: the body MUST end with a line shorter than 64 characters, which MAY be empty.",
        without_last_line,
    ),
    "bidding.point": Why(
        "sealing.md, Bytes: point encodings must be below 2^255 - 19. (RFC 7748, 5, lets a reader reduce them.)",
        high_share,
    ),
    "bidding.scrypt_alone": Why(
        "C2SP age.md, scrypt: an scrypt stanza, if present, MUST be the only stanza in the header.",
        lambda data: b"\n-> scrypt " in data,
    ),
    "bidding.header_too_long": Why(
        "No limit stands in age.md; ours are 256 KiB and 8 KiB a line, so that a header never fills the memory.",
        lambda data: any(len(line) >= 1 << 13 for line in text_of(data).split(b"\n")),
    ),
}
LENIENT = {
    "pyrage": {"bidding.stanza_body", "bidding.point", "bidding.header_too_long"},
    "age-encryption": {"bidding.point", "bidding.scrypt_alone", "bidding.header_too_long"},
    "age": {"bidding.point", "bidding.scrypt_alone", "bidding.header_too_long"},
}


def unexplained(name: str, asked: Sequence[bytes], verdicts: Sequence[bytes | None]) -> tuple[set[str], list[bytes]]:
    """The codes by which a reader's leniency is explained, and every file on which it differs without a reason."""
    used, left = set(), []
    for data, theirs in zip(asked, verdicts, strict=True):
        mine = ours(data)
        if (mine == "opens") == (theirs is not None):
            continue
        if theirs is not None and mine in LENIENT[name] and WHY[mine].explains(data):
            used.add(mine)
        else:
            left.append(data)
    return used, left


def test_pyrage_differs_from_us_only_where_the_specification_says_so() -> None:
    assert unexplained("pyrage", files(), opened_by_pyrage(files(), KEY)) == (LENIENT["pyrage"], [])


def test_age_encryption_differs_from_us_only_where_the_specification_says_so() -> None:
    verdicts = opened_by_age_encryption(files(), KEY)
    assert unexplained("age-encryption", files(), verdicts) == (LENIENT["age-encryption"], [])


def test_the_age_tool_differs_from_us_only_where_the_specification_says_so(tmp_path: Path) -> None:
    """A process a file: a sample, and all headers made to try one rule."""
    (tmp_path / "key").write_text(KEY.secret_text() + "\n")
    asked = [*files()[:: 10 if DEEP else 40], *tried().values()]
    assert unexplained("age", asked, opened_by_age(asked, tmp_path / "key")) == (LENIENT["age"], [])


def test_what_all_readers_open_gives_the_same_bytes() -> None:
    asked = [data for data in files() if ours(data) == "opens"]
    assert set(opened_by_pyrage(asked, KEY)) == set(opened_by_age_encryption(asked, KEY)) == {CONTENT}
    assert len(asked) > 500


# At receipt the same parser reads, and the profile of an envelope is asked for on top of it.

AT_RECEIPT = {
    "bidding.foreign_stanza": "sealing.md: any other stanza is for the command line, not for envelopes",
    "bidding.second_opening": "sealing.md: exactly one opening stanza",
    "bidding.second_own_key": "sealing.md: at most one X25519 stanza to the bidder's own key",
    "bidding.no_opening": "sealing.md: the opening stanza stands first",
    "bidding.opening_arguments": "sealing.md, Bytes: exactly these arguments",
    "bidding.opening_body": "sealing.md, Bytes: 64 bytes for each leaf",
    "bidding.policy_grammar": "sealing.md, Bytes: the grammar of a policy",
    "bidding.policy_quorum": "sealing.md, Bytes: k is at most the number of children",
    "bidding.policy_twice": "sealing.md, Bytes: no leaf twice",
    "bidding.policy_one_body": "sealing.md: no policy that one body alone satisfies",
    "bidding.other_policy": "sealing.md: the policy of the custody sheet",
    "bidding.other_sheet": "sealing.md: the digest of the custody sheet",
    "bidding.other_submission": "sealing.md: the submission id is the salt",
    "bidding.base64": "age.md asks canonical base64 of the stanzas that a reader knows; the opening stanza we know",
    "bidding.point": "sealing.md, Bytes: point encodings must be below 2^255 - 19",
    "bidding.low_order": "sealing.md, Bytes: an all-zero X25519 result aborts",
}
# What a key alone can show: receipt cannot refuse it, an opening does.
NEEDS_A_KEY = {"bidding.no_match", "bidding.mac_wrong", "bidding.payload_changed"}


def at_receipt(data: bytes) -> str:
    """`taken`, or the code of the refusal."""
    try:
        check_header(data, sheet=BID.sheet, submission=BID.submission, size=len(data))
    except Refused as refusal:
        return refusal.codes[0]
    return "taken"


def test_receipt_refuses_every_malformed_header_and_says_what_else_it_asks() -> None:
    seen = {(ours(data), at_receipt(data)) for data in envelopes()}
    assert {receipt for opening, receipt in seen if opening == "opens" and receipt != "taken"} <= set(AT_RECEIPT)
    assert {opening for opening, receipt in seen if receipt == "taken"} <= {"opens"} | NEEDS_A_KEY
    malformed = {pair for pair in seen if pair[0] not in {"opens"} | NEEDS_A_KEY}
    assert malformed
    assert all(receipt != "taken" for _opening, receipt in malformed)


def test_the_length_of_a_header_is_known_as_soon_as_receipt_would_take_it() -> None:
    for data in envelopes():
        if at_receipt(data) == "taken":
            length = header_length(data)
            assert length is not None
            assert data[:length] == text_of(data)
