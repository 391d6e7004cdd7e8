"""A custodian's client: a key of its own for one tender, the sheets signed, the shares given when the hour has come.

The private key stands in the person's folder under the passphrase and reaches nobody.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from bidding.client import custodian
from bidding.client.keys import KeyFolder, write_private
from config.demo.play.client import Client, PartyFolder, forget_unlocked, patiently
from experts.lottery import seed_commitment


class Custodian(Client):
    """Agent, centre or regulator, holding one leaf."""

    def make_custody_key(self, tender: str, *, plain: bool = False) -> None:
        """Make a key for the tender and register its public half."""
        keys = self._of(tender)
        keys.make_custodian_key(plain=plain)
        custodian.register_key(self.session, keys, tender)

    def sign_sheets(self, tender: str) -> None:
        """Sign the sheets of all lots."""
        custodian.sign_sheets(self.session, self._of(tender), tender)

    def rehearse(self, tender: str) -> None:
        """The own part of the rehearsal: the agent seals the dummy bid, every custodian gives a share."""
        custodian.rehearse(self.session, self._of(tender), tender)

    def rehearsed(self, tender: str) -> list[list[str]]:
        """The sets of custodians for whom the rehearsal opened, empty until it has."""
        facts = self.get(f"/bidding/tenders/{tender}/rehearsal")
        if facts["state"] == "failed":
            raise RuntimeError(f"the rehearsal of {tender} failed: {facts['reason']}")
        return list(facts["sets"]) if facts["state"] == "opened" else []

    def release(self, tender: str, lot: str) -> int:
        """Give the shares of a lot; how many envelopes were in it."""
        counted = 0

        def count(_done: int, of: int) -> None:
            nonlocal counted
            counted = of

        custodian.release(self.session, self._of(tender), lot, progress=count)
        return counted

    def destroy_custody_key(self, tender: str) -> None:
        """Destroy the key: what was not opened stays closed for ever."""
        self._of(tender).destroy_custodian_key()
        forget_unlocked()

    def _of(self, tender: str) -> KeyFolder:
        """The folder of the tender's key, with the person's own signing key in it."""
        folder: Path = self.keys.path / tender
        if not folder.exists():
            folder.mkdir(mode=0o700)
            for name in ("key.pem", "certificate.pem", "roots.pem", "log.vkey"):
                (folder / name).symlink_to(Path("..") / name)
        return PartyFolder(folder, replace(self.keys).passphrase)

    def sign_record(self, lot: str) -> None:
        """Sign the opening record as it stands, as host or witness, once all entries of the lot are in the log."""
        record = self.session.get_bytes(f"/bidding/lots/{lot}/record/bytes")
        signature = self.keys.pen().sign(record)
        patiently(lambda: self.act(f"/bidding/lots/{lot}/record/sign", signature=signature), "ledger.veil_waiting")

    def commit_seed(self, lot: str, body: str) -> None:
        """Draw a seed for the lot's panel, keep it, and commit to it."""
        seed, draw = secrets.token_bytes(32), bytes.fromhex(self.get(f"/experts/lots/{lot}/draw/")["draw"])
        write_private(self.keys.path / f"{lot}.seed", seed)
        self.act(f"/experts/lots/{lot}/seed/commit", commitment=seed_commitment(draw, body, seed).hex())

    def reveal_seed(self, lot: str) -> None:
        """Show the seed, once the pool is frozen."""
        seed = (self.keys.path / f"{lot}.seed").read_bytes()
        self.act(f"/experts/lots/{lot}/seed/reveal", seed=seed.hex())
