"""Pure. The stanza `sunlight.opening/1`: a file key shared out under a policy (sealing.md, "Bytes").

Enters: file key, salt, custody sheet digest, policy, one public key a leaf. Leaves: the one stanza that follows from
them, single shares for holders of leaf keys, the file key again from a satisfying set. Nothing here is random:
whoever has the file key builds the stanza again and compares.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bidding.envelope import shamir
from bidding.envelope.header import Stanza, decode64, encode64, hkdf
from bidding.envelope.policy import Leaf, Node, Policy, parse_policy
from bidding.envelope.x25519 import FILE_KEY, NO_NONCE, check_point, public_key, shared_secret
from ledger.errors import _, refused

KIND = "sunlight.opening/1"
WRAPPED = FILE_KEY + 16
PART = WRAPPED + 32


def term(word: str) -> bytes:
    """T(w): what keeps one use of a hash apart from every other."""
    return f"{KIND} {word}".encode("ascii") + b"\0"


def _sha256(*pieces: bytes) -> bytes:
    return hashlib.sha256(b"".join(pieces)).digest()


@dataclass(frozen=True)
class Opening:
    """A stanza taken apart: arguments as bytes, one body part of 64 bytes a leaf."""

    policy: Policy
    sheet: bytes
    salt: bytes
    share: bytes
    parts: tuple[bytes, ...]

    @property
    def context(self) -> bytes:
        """X: lot, round, keys (by the sheet), file (by the salt) and policy, in 32 bytes."""
        return context(self.sheet, self.salt, self.policy)

    @property
    def submission(self) -> str:
        """The submission id: the salt in lower-case hex."""
        return self.salt.hex()

    def stanza(self) -> Stanza:
        """As it stands in a header."""
        arguments = (self.policy.text, *(encode64(word).decode() for word in (self.sheet, self.salt, self.share)))
        return Stanza(KIND, arguments, b"".join(self.parts))


def context(sheet: bytes, salt: bytes, policy: Policy) -> bytes:
    """X of sealing.md."""
    return _sha256(term("context"), sheet, salt, policy.text.encode())


def ephemeral_key(file_key: bytes, salt: bytes, ctx: bytes) -> bytes:
    """The e of sealing.md: private key behind the share E."""
    return hkdf(file_key, salt, term("ephemeral") + ctx)


def leaf_shares(file_key: bytes, salt: bytes, ctx: bytes, policy: Policy) -> tuple[bytes, ...]:
    """Y_i of sealing.md, from left to right."""

    def below(node: Node | Leaf, secret: bytes) -> Iterator[bytes]:
        if isinstance(node, Leaf):
            yield secret
            return
        infos = (term("coefficient") + ctx + bytes([node.number, power]) for power in range(1, node.k))
        coefficients = [hkdf(file_key, salt, info, FILE_KEY) for info in infos]
        for x, child in enumerate(node.children, 1):
            yield from below(child, shamir.share(secret, coefficients, x))

    return tuple(below(policy.root, file_key))


def build(file_key: bytes, salt: bytes, sheet: bytes, policy: Policy, keys: Sequence[bytes]) -> Opening:
    """The opening of `file_key` (16 bytes) under `salt` (16), sheet digest (32), policy and one key (32) a leaf."""
    if len(file_key) != FILE_KEY or len(salt) != 16 or len(sheet) != 32 or len(keys) != len(policy.leaves):
        raise ValueError("file key 16, salt 16, sheet digest 32 bytes, and one key for each leaf")
    ctx = context(sheet, salt, policy)
    private = ephemeral_key(file_key, salt, ctx)
    share = public_key(private)
    pieces = leaf_shares(file_key, salt, ctx, policy)
    parts = tuple(
        _wrap(shared_secret(private, key), share, key, ctx, index, piece)
        for index, (key, piece) in enumerate(zip(keys, pieces, strict=True))
    )
    return Opening(policy, sheet, salt, share, parts)


def _leaf_cipher(secret: bytes, share: bytes, key: bytes, ctx: bytes, index: int) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hkdf(secret, share + key, term("leaf") + ctx + bytes([index])))


def _wrap(secret: bytes, share: bytes, key: bytes, ctx: bytes, index: int, piece: bytes) -> bytes:
    wrapped = _leaf_cipher(secret, share, key, ctx, index).encrypt(NO_NONCE, piece, None)
    return wrapped + commitment(ctx, share, index, piece)


def commitment(ctx: bytes, share: bytes, index: int, piece: bytes) -> bytes:
    """What stands in the stanza so that a posted share can be told from a wrong one."""
    return _sha256(term("share"), ctx, share, bytes([index]), piece)


def read(stanza: Stanza) -> Opening:
    """`stanza` taken apart, every encoding and point checked."""
    if stanza.kind != KIND:
        refused("bidding.no_opening", _("The first stanza of the header is not an opening stanza."))
    if len(stanza.arguments) != 4:
        refused("bidding.opening_arguments", _("The opening stanza has too many or too few arguments."))
    policy = parse_policy(stanza.arguments[0])
    sheet, salt, share = (decode64(word.encode()) for word in stanza.arguments[1:])
    if (len(sheet), len(salt)) != (32, 16):
        refused("bidding.opening_arguments", _("An argument of the opening stanza has the wrong length."))
    if len(stanza.body) != PART * len(policy.leaves):
        refused("bidding.opening_body", _("The opening stanza does not hold one part for each leaf."))
    parts = tuple(stanza.body[at : at + PART] for at in range(0, len(stanza.body), PART))
    return Opening(policy, sheet, salt, check_point(share), parts)


def unwrap(opening: Opening, index: int, private: bytes) -> bytes:
    """The share (16 bytes) in leaf `index` for the holder of `private`; refused: "does not open"."""
    key = public_key(private)
    cipher = _leaf_cipher(shared_secret(private, opening.share), opening.share, key, opening.context, index)
    try:
        piece = cipher.decrypt(NO_NONCE, opening.parts[index][:WRAPPED], None)
    except InvalidTag:
        return refused("bidding.leaf_closed", _("This leaf of the envelope does not open with this key."))
    check_share(opening, index, piece)
    return piece


def check_share(opening: Opening, index: int, piece: bytes) -> None:
    """Refused unless `piece` is the share to which leaf `index` is committed. Such a share counts as not given."""
    expected = commitment(opening.context, opening.share, index, piece)
    if len(piece) != FILE_KEY or not hmac.compare_digest(expected, opening.parts[index][WRAPPED:]):
        refused("bidding.share_mismatch", _("The share does not fit its commitment in the envelope."))


def combine(policy: Policy, shares: Mapping[int, bytes]) -> bytes:
    """The file key out of shares (leaf index: 16 bytes) of which some satisfy `policy`; refused when too few."""
    chosen = policy.choose(shares)

    def value(node: Node | Leaf) -> bytes | None:
        if isinstance(node, Leaf):
            return shares[node.index] if node.index in chosen else None
        below = {x: piece for x, child in enumerate(node.children, 1) if (piece := value(child)) is not None}
        return shamir.combine(below) if below else None

    file_key = value(policy.root)
    if file_key is None:
        refused("bidding.too_few", _("Too few custodians to open."))
    return file_key
