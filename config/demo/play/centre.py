"""The centre's client: keeps the experts' register, freezes the pool of a draw, witnesses the opening.

It also holds the leaf `c` of the custody policy.
"""

from __future__ import annotations

from config.demo.play.custodian import Custodian


class Centre(Custodian):
    """The public trading centre."""
