"""The centre's client: keeps the experts' register, freezes the pool of a draw, witnesses the opening.

It also holds the leaf `c` of the custody policy.
"""

from __future__ import annotations

from config.demo.play.custodian import Custodian
from config.demo.play.stage import Specialist


class Centre(Custodian):
    """The public trading centre."""

    def register_expert(self, one: Specialist) -> None:
        """Enter an expert into the register."""
        form = {"specialities": ", ".join(one.specialities), "employer": one.employer, "region": one.region}
        self.act("/experts/register/enter", username=one.person.username, **form)

    def freeze_pool(self, lot: str) -> int:
        """Freeze the pool; how many may be drawn."""
        return int(self.act(f"/experts/lots/{lot}/pool/freeze")["candidates"])
