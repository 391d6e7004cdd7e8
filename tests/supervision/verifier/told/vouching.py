"""Checks 43 and 44: witnesses and timestamp authorities of the verifier's own, and what passes for them."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ledger import merkle, note, timestamps
from ledger.bundle import Later
from ledger.timestamp_authority import respond
from ledger.witness.cosignature import Witness, cosign
from ledger.witness.policy import parse_policy
from supervision.verifier.case import Case
from supervision.verifier.people import SLACK
from tests.supervision.forger import FILLER, KEY, Forger, Lie

WITNESSES = {f"w{at}": Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32) for at in (1, 2, 3)}
LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
AT = 1_900_000_000
Lines = tuple[str, ...]


def person(name: str) -> Witness:
    """A witness as a policy names it."""
    return Witness(f"example.org/{name}", note.raw_public(WITNESSES[name].public_key()))


def policy(text: str) -> str:
    """A policy file with two witnesses."""
    named = "".join(f"witness {name} {person(name).verifier_key}\n" for name in ("w1", "w2"))
    return f"{named}{text}\n"


BOTH = policy("group both 2 w1 w2\nquorum both")
FIRST, NOBODY = policy("quorum w1"), policy("quorum none")


@cache
def _hashes(case_note: bytes, leaves: tuple[tuple[int, bytes], ...], more: int) -> list[bytes]:
    kept = dict(leaves)
    size = note.text_of(case_note).size
    return [merkle.leaf_hash(kept[at]) if at in kept else FILLER for at in range(size)] + [FILLER] * more


def later(case: Case, more: int, origin: str = "") -> tuple[note.Checkpoint, tuple[bytes, ...]]:
    """The state of the log `more` entries later, with the proof that it continues that of the case."""
    own = note.text_of(case.note)
    hashes = _hashes(case.note, tuple((one.index, one.leaf) for one in case.leaves), more)
    proof = merkle.consistency_proof(own.size, len(hashes), merkle.subtree_of(hashes)) if more else []
    return note.Checkpoint(origin or own.origin, len(hashes), merkle.root_of(hashes)), tuple(proof)


def cosigned(
    *names: str, more: int = 3, text: str | None = BOTH, to: Callable[[Lines], Lines] = lambda lines: lines,
    changed: Callable[[Later], Later] = lambda found: found, origin: str = "",
) -> Lie:  # fmt: skip
    """These witnesses cosigned a later state; their lines, or the whole, are changed afterwards."""

    def made(case: Case) -> Case:
        state, proof = later(case, more, origin)
        lines = tuple(cosign(state, person(name).name, WITNESSES[name], AT) for name in names)
        found = Later(note.sign(state, KEY) + "".join(to(lines)).encode(), proof)
        return replace(case, witnessed=changed(found), _worked_out={})

    def lie(forger: Forger) -> None:
        forger.afterwards = made
        forger.trust = replace(forger.trust, policy=parse_policy(text) if text else None)

    return lie


def renamed(was: str, into: str) -> Callable[[Lines], Lines]:
    """The last line with another name in it."""
    return lambda lines: (*lines[:-1], lines[-1].replace(was, into, 1))


def nobody(text: str | None) -> Lie:
    """No cosignature in the bundle."""

    def lie(forger: Forger) -> None:
        forger.trust = replace(forger.trust, policy=parse_policy(text) if text else None)

    return lie


def spare(line: str) -> str:
    """A line whose base64 says the same otherwise: its last letter has bits to spare."""
    blob = line.rstrip("=\n")
    letter = LETTERS[LETTERS.index(blob[-1]) + 1]
    return blob[:-1] + letter + line[len(blob) :]


def spare_own(found: Later) -> Later:
    """The log's own line so."""
    text, gap, lines = found.checkpoint.decode().partition("\n\n")
    own, end, rest = lines.partition("\n")
    return replace(found, checkpoint=f"{text}{gap}{spare(own)}{end}{rest}".encode())


def lines_first(found: Later) -> Later:
    """The log's own line after another one."""
    text, gap, lines = found.checkpoint.decode().partition("\n\n")
    own, end, rest = lines.partition("\n")
    return replace(found, checkpoint=f"{text}{gap}{rest}{own}{end}".encode())


def other_token(found: Later) -> Later:
    """The last byte of its signature is another one."""
    return replace(found, token=found.token[:-1] + bytes([found.token[-1] ^ 1]))


def certificate(subject: str, key: EllipticCurvePrivateKey, *, is_root: bool) -> x509.Certificate:
    """A certificate for as long as there are tests."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (subject, "root")]
    builder = (
        x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1]).public_key(key.public_key())
        .serial_number(7 + is_root).not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2120, 1, 1))  # noqa: DTZ001
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    )  # fmt: skip
    if not is_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(ROOT_KEY, hashes.SHA256())


ROOT_KEY, AUTHORITY = derive_private_key(7, SECP256R1()), derive_private_key(8, SECP256R1())
ROOT = certificate("root", ROOT_KEY, is_root=True)
OWN = certificate("stamps", AUTHORITY, is_root=False)


def stamped(
    late: timedelta = timedelta(), *, more: int = 3, roots: bool = True,
    changed: Callable[[Later], Later] = lambda found: found,
) -> Lie:  # fmt: skip
    """An authority dated a later state, `late` after the newest entry."""

    def made(case: Case) -> Case:
        state, proof = later(case, more)
        signed, newest = note.sign(state, KEY), max(one.at for one in case.open)
        token = respond(timestamps.ask(signed).query, OWN, AUTHORITY, (newest + late).astimezone(UTC), 7)
        return replace(case, stamped=changed(Later(signed, proof, token)), _worked_out={})

    def lie(forger: Forger) -> None:
        forger.afterwards = made
        forger.trust = replace(forger.trust, timestamp_roots=(ROOT,) if roots else None)

    return lie


def of_nothing(forger: Forger) -> None:
    """A dated state, in a bundle without entries."""
    stamped()(forger)
    dated = forger.afterwards
    assert dated is not None
    forger.afterwards = lambda case: replace(dated(case), leaves=(), _worked_out={})


def undated(forger: Forger) -> None:
    """No timestamp in the bundle."""
    forger.trust = replace(forger.trust, timestamp_roots=(ROOT,))


SECOND = timedelta(seconds=1)
LIES: list[tuple[int, str, str, Lie]] = [
    *((43, "whole", what, lie) for what, lie in (
        ("two of two", cosigned("w1", "w2")),
        ("two of two on this very state", cosigned("w1", "w2", more=0)),
        ("two of two, and no policy", cosigned("w1", "w2", text=None)),
        ("no policy, and lines that nobody needs", cosigned("w1", "w2", text=None, to=lambda lines: lines[::-1])),
        ("one of two", cosigned("w1")),
        ("one of two, and one is enough", cosigned("w1", text=FIRST)),
        ("the other of two, and that one is not enough", cosigned("w2", text=FIRST)),
        ("two in the other order", cosigned("w2", "w1")),
        ("one of two twice", cosigned("w1", "w1")),
        ("a stranger besides", cosigned("w1", "w2", "w3")),
        ("a stranger first", cosigned("w3", "w1", "w2")),
        ("a stranger instead of one of two", cosigned("w1", "w3")),
        ("a stranger twice besides", cosigned("w3", "w1", "w3", "w2")),
        ("a stranger, who is in nobody's policy, changed", cosigned("w1", "w2", "w3", to=lambda lines: (
            *lines[:2], lines[2].replace("w3 ", "w3 AAAA"),
        ))),
        ("a stranger under the name of one of two", cosigned("w1", "w2", "w3", to=renamed("w3", "w2"))),
        ("one of two under a stranger's name", cosigned("w1", "w2", to=renamed("w2", "w3"))),
        ("two of two, and a stranger's name with a plus sign", cosigned("w1", "w2", "w3", to=renamed("w3", "w+3"))),
        ("two of two, and a stranger's name with a space", cosigned("w1", "w2", "w3", to=renamed("w3", "w 3"))),
        ("two of two, and a stranger without name", cosigned("w1", "w2", "w3", to=renamed("example.org/w3", ""))),
        ("two of two, and a stranger without dash", cosigned(
            "w1", "w2", "w3", to=renamed(f"{note.DASH}example.org/w3", "w3")
        )),
        ("two of two, and a stranger without signature", cosigned("w1", "w2", to=lambda lines: (
            *lines, f"{note.DASH}example.org/w3 \n",
        ))),
        *((f"no policy, and {what}", cosigned("w1", "w3", text=None, to=renamed(was, into))) for what, was, into in (
            ("a name with a plus sign", "w3", "w+3"), ("a name with a space", "w3", "w 3"),
            ("a name with a space that only some know", "w3", "w\x1f3"),
            ("a name with a mark that is no space", "w3", "w\ufeff3"),
            ("no name", "example.org/w3", ""), ("no dash", note.DASH, ""), ("no base64", "w3 ", "w3 ."),
        )),
        ("a line that is none", cosigned("w1", "w2", to=lambda lines: (*lines, "a line\n"))),
        ("a line with bits to spare", cosigned("w1", "w2", to=lambda lines: (lines[0], spare(lines[1])))),
        ("the log's line with bits to spare", cosigned("w1", "w2", changed=spare_own)),
        ("the log's line last", cosigned("w1", "w2", changed=lines_first)),
        ("a line feed more", cosigned("w1", "w2", to=lambda lines: (*lines, "\n"))),
        ("nobody, and nobody is asked", cosigned(text=NOBODY)),
        ("another log", cosigned("w1", "w2", origin="sunlight.invalid/other")),
        ("no proof", cosigned("w1", "w2", changed=lambda found: replace(found, proof=()))),
        ("another proof", cosigned("w1", "w2", changed=lambda found: replace(found, proof=found.proof[::-1]))),
        ("none, and two are asked", nobody(BOTH)),
        ("none, and nobody is asked", nobody(NOBODY)),
        ("none, and no policy", nobody(None)),
    )),
    *((44, "whole", what, lie) for what, lie in (
        ("dated in time", stamped()),
        ("dated on this very state", stamped(more=0)),
        ("dated as early as may be", stamped(-SLACK)),
        ("dated too early", stamped(-SLACK - SECOND)),
        ("dated, and no roots", stamped(roots=False)),
        ("dated too early, and no roots", stamped(-2 * SLACK, roots=False)),
        ("dated with bits to spare", stamped(changed=spare_own)),
        ("dated with bits to spare, and no roots", stamped(changed=spare_own, roots=False)),
        ("dated with a line more", stamped(changed=lambda one: replace(one, checkpoint=one.checkpoint + b"x\n"))),
        ("dated with a signature more", stamped(
            changed=lambda one: replace(one, checkpoint=one.checkpoint + f"{note.DASH}x AAAA\n".encode())
        )),
        ("dated, and no entry", of_nothing),
        ("another token", stamped(changed=other_token)),
        ("no token", stamped(changed=lambda found: replace(found, token=b""))),
        ("dated, and no proof", stamped(changed=lambda found: replace(found, proof=()))),
        ("no timestamp", undated),
    )),
]  # fmt: skip
