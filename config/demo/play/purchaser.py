"""The purchaser's client: answers objections to the result, gives the award, draws up and signs the contract."""

from __future__ import annotations

from config.demo.play.client import Client


class Purchaser(Client):
    """Whose works they are."""
