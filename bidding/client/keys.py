"""The keys of one person, in one folder that nobody else reads (0700, files 0600).

Enters: a folder, passphrases. Leaves: `key.pem` (P-256, signs), `certificate.pem`, `roots.pem`, `timestamps.pem` and
`log.vkey` (what is trusted, pinned at the enrolment), `witnesses.policy` (who must have cosigned, if anybody),
`custodian.key` (an age identity, in the clear or under a passphrase) with its public half `custodian.pub`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from bidding.client.reading import read_text
from bidding.client.session import Session
from bidding.envelope.identity import read_identities, write_identity
from bidding.envelope.x25519 import Identity, Recipient, new_identity, parse_recipient
from ledger import cms
from ledger.errors import _, refused
from ledger.witness.policy import Policy, parse_policy

Ask = Callable[[], str]


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads; an existing one is never overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True)
class Pen:
    """What a person signs with."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def sign(self, data: bytes) -> bytes:
        """A detached CMS signature over `data`."""
        return cms.sign(data, self.certificate, self.key)


@dataclass(frozen=True)
class KeyFolder:
    """A person's folder; `passphrase` is asked when a file is under one."""

    path: Path
    passphrase: Ask | None = None

    def make_key(self) -> None:
        """Make the signing key; refused when there is one already."""
        if (self.path / "key.pem").exists():
            refused("client.key_exists", _("There is a key in this folder already."))
        key = ec.generate_private_key(ec.SECP256R1())
        secret = BestAvailableEncryption(self._secret().encode()) if self.passphrase else NoEncryption()
        write_private(self.path / "key.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))

    def key(self) -> ec.EllipticCurvePrivateKey:
        """The signing key."""
        data = self._read("key.pem")
        secret = self._secret().encode() if b"ENCRYPTED" in data else None
        try:
            key = load_pem_private_key(data, secret)
        except ValueError:
            if secret is None:
                self._damaged("key.pem")
            text = _("The passphrase does not open %(name)s.")
            refused("client.wrong_passphrase", text, name=str(self.path / "key.pem"))
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            refused("client.key_kind", _("The signing key must be a P-256 key."))
        return key

    def _secret(self) -> str:
        """The passphrase; refused `client.passphrase` where none may be asked, `.passphrase_empty`."""
        if self.passphrase is None:
            refused("client.passphrase", _("This key is kept under a passphrase."))
        text = self.passphrase()
        if not text:
            refused("client.passphrase_empty", _("The passphrase is empty: choose one, or say --plain to do without."))
        return text

    def request(self) -> str:
        """A signing request (PKCS 10, PEM) for the key; the site decides what name stands in the certificate."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sunlight client")])
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
        return builder.sign(self.key(), hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def enrol(self, session: Session) -> x509.Certificate:
        """Get a certificate for the key, and pin whom to trust from here on."""
        issued = session.post("/certificates/enrol", {"request": self.request()})
        trust = session.get("/bidding/trust")
        certificate = x509.load_pem_x509_certificate(issued["certificate"].encode())
        if certificate.public_key() != self.key().public_key():
            refused("client.other_key", _("The site issued a certificate for another key."))
        pinned = {"certificate.pem": issued["certificate"], "roots.pem": trust["roots"]}
        for name, text in {**pinned, "timestamps.pem": trust["timestamps"]}.items():
            (self.path / name).unlink(missing_ok=True)
            write_private(self.path / name, text.encode())
        (self.path / "log.vkey").write_text(trust["log"] + "\n")
        if trust["witnesses"] and not (self.path / "witnesses.policy").exists():  # the person's own copy comes first
            (self.path / "witnesses.policy").write_text(trust["witnesses"], errors="surrogateescape")
        return certificate

    def certificate(self) -> x509.Certificate:
        """The certificate of the signing key."""
        return self._certificates("certificate.pem")[0]

    def pen(self) -> Pen:
        """Certificate and key."""
        return Pen(self.certificate(), self.key())

    def roots(self) -> list[x509.Certificate]:
        """The authorities that are trusted."""
        return self._certificates("roots.pem")

    def timestamp_roots(self) -> list[x509.Certificate] | None:
        """The certificates that vouch for the timestamp authority; None where none are pinned."""
        return self._certificates("timestamps.pem") if (self.path / "timestamps.pem").exists() else None

    def _certificates(self, name: str) -> list[x509.Certificate]:
        try:
            return x509.load_pem_x509_certificates(self._read(name))
        except ValueError:
            self._damaged(name)

    def _damaged(self, name: str) -> NoReturn:
        text = _("%(name)s is damaged: bring it back from your copy, or enrol again in another folder.")
        refused("client.damaged", text, name=str(self.path / name))

    def log_key(self) -> str:
        """The verifier key of the log."""
        text = self._read("log.vkey").decode(errors="replace").strip()
        if text.count("+") < 2:
            self._damaged("log.vkey")
        return text

    def witnesses(self) -> Policy | None:
        """Whose cosignatures this person asks for: the own copy of the witness policy, `witnesses.policy`, if any."""
        path = self.path / "witnesses.policy"
        return parse_policy(path.read_text(errors="surrogateescape")) if path.exists() else None

    def make_custodian_key(self, *, plain: bool = False) -> Identity:
        """Make the custodian's identity file, under the passphrase or, if `plain`, in the clear."""
        return self._make_identity("custodian.key", plain=plain)

    def _make_identity(self, name: str, *, plain: bool) -> Identity:
        if (self.path / name).exists():
            text = _("%(name)s is there already, and is never overwritten.")
            refused("client.key_exists", text, name=str(self.path / name))
        identity = new_identity()
        if plain:
            text = f"# public key: {identity.recipient}\n{identity.secret_text()}\n"
            write_private(self.path / name, text.encode())
        else:
            write_private(self.path / name, write_identity(identity, self._secret()))
        (self.path / name).with_suffix(".pub").write_text(f"{identity.recipient}\n")
        return identity

    def renew_custodian_key(self, *, plain: bool = False) -> Identity:
        """Make a new custodian's key; the earlier one is kept until it is destroyed, for sheets still in force."""
        path = self.path / "custodian.key"
        if path.exists():
            number = len(self._earlier()) + 1
            if path.with_suffix(".pub").exists():
                path.with_suffix(".pub").rename(self.path / f"custodian-{number}.pub")
            path.rename(self.path / f"custodian-{number}.key")
        return self.make_custodian_key(plain=plain)

    def _earlier(self) -> list[Path]:
        return sorted(self.path.glob("custodian-*.key"))

    def custodian_key(self) -> Identity:
        """The custodian's identity."""
        return read_identities(self._read("custodian.key"), self.passphrase)[0]

    def earlier_custodian_keys(self) -> list[Identity]:
        """The identities that the present one replaced."""
        return [read_identities(path.read_bytes(), self.passphrase)[0] for path in self._earlier()]

    def public_halves(self) -> list[str]:
        """The public halves that lie beside the custodian's keys."""
        paths = [path.with_suffix(".pub") for path in self._custodian_files()]
        return [str(parse_recipient(read_text(path).strip())) for path in paths if path.exists()]

    def custodian_recipients(self) -> list[str]:
        """The public keys of all custodian's keys; the passphrase is asked where a public half is not at hand."""
        halves = self.public_halves()
        if len(halves) == len(self._custodian_files()):
            return halves
        return [str(one.recipient) for one in (self.custodian_key(), *self.earlier_custodian_keys())]

    def check_custodian_key(self) -> None:
        """Refused `client.missing` when there is no custodian's key at all."""
        self._read(self._custodian_files()[0].name)

    def _custodian_files(self) -> list[Path]:
        """Every custodian's key, the earlier ones first; where none is, the place of the one that is missing."""
        found = [*self._earlier(), *self.path.glob("custodian.key")]
        return found or [self.path / "custodian.key"]

    def make_own_key(self, *, plain: bool = False) -> Identity:
        """Make the bidder's own identity, for leaf `b` and for looking at bids; `own.pub` is its public half."""
        return self._make_identity("own.key", plain=plain)

    def own_recipient(self) -> Recipient | None:
        """The public half of the own key, for which no passphrase is asked; None without a key."""
        path = self.path / "own.pub"
        return parse_recipient(read_text(path).strip()) if path.exists() else None

    def own_key(self) -> Identity:
        """The bidder's own identity."""
        return read_identities(self._read("own.key"), self.passphrase)[0]

    def destroy_custodian_key(self) -> None:
        """Overwrite and remove the custodian's keys: what was not opened stays closed for ever."""
        self.check_custodian_key()
        for path in self._custodian_files():
            self._destroy(path)
            path.with_suffix(".pub").unlink(missing_ok=True)

    def _destroy(self, path: Path) -> None:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.write(os.urandom(size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()

    def _read(self, name: str) -> bytes:
        path = self.path / name
        if not path.exists():
            refused("client.missing", _("%(name)s is not in the folder %(folder)s."), name=name, folder=str(self.path))
        return path.read_bytes()
