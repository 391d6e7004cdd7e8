"""The purchaser's client: gives the award after the publicity, draws up the contract and signs it."""

from __future__ import annotations

from typing import Any

from config.demo.play.client import Client


class Purchaser(Client):
    """Whose works they are."""

    def award(self, lot: str) -> dict[str, Any]:
        """Give the award to the first candidate: number, amount, winner."""
        return self.act(f"/lots/{lot}/award/give")

    def draw_contract(self, lot: str, amount: str) -> str:
        """Draw up the contract; its number."""
        return str(self.act(f"/lots/{lot}/contract", amount=amount)["contract"])

    def sign_contract(self, lot: str) -> bool:
        """Sign it; whether that concluded it."""
        record = self.session.get_bytes(f"/lots/{lot}/contract/record")
        return bool(self.act(f"/lots/{lot}/contract/sign", signature=self.keys.pen().sign(record))["concluded"])
