"""Pure. The code under which an expert stands in one draw: a commitment that the report opens for those who sat.

Enters: a salt of 32 bytes, drawn anew for each candidate, and the expert's code in the register. Leaves: 32 hex
digits. Nobody links two draws, or a code and a person, without the salt; with it, nobody can put another person
behind the code.
"""

from __future__ import annotations

from hashlib import sha256

SALT = 32


def candidate_code(salt: bytes, expert: str) -> str:
    """The first 16 bytes of SHA-256("sunlight.candidate/1" 0x00 || salt || expert), in hex."""
    if len(salt) != SALT:
        raise ValueError("a salt has 32 bytes")
    return sha256(b"sunlight.candidate/1\0" + salt + expert.encode()).hexdigest()[:32]
