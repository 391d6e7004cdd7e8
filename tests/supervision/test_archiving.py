"""Archives: the evidence is put away at its four moments, named in the log, the same whoever makes it again."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from bidding.models import Release
from bidding.opening.quorum import open_batch
from ledger import dating, note, objects, witnessing
from ledger.bundle import Later, pack, unpack, write_later
from ledger.errors import Broken, Refused
from ledger.events import read_entry
from ledger.models import CheckpointRow, Cosignature, EntryRow
from ledger.witness.cosignature import Witness, cosign
from ledger.witness.policy import parse_policy
from supervision import archiving
from supervision.archives import Archive, archives_of
from supervision.bundling import public_bundle
from supervision.models import Moment
from supervision.trusting import house_trust, log_key_text
from supervision.verifier.case import MOMENTS, read_case
from supervision.verifier.check import NOT_YET, Result
from supervision.verifier.trust import Trust
from supervision.verifier.verifying import verify
from tests.architecture.house import ROOT
from tests.supervision.flow import Flow
from trading import timestamping
from trading.models import Tender


def undone(data: bytes, trust: Trust) -> dict[int, str]:
    """The checks that were not done, with the reason; the bundle passes all others."""
    verdict = verify(data, trust)
    assert [(one.number, [str(fault) for fault in one.faults]) for one in verdict.failed] == []
    return {one.number: one.undone for one in verdict.results if one.undone}


def test_archives_of_the_four_moments(flow: Flow, tmp_path: Path) -> None:
    found = archives_of(flow.tender)
    assert [one.moment for one in found] == list(MOMENTS)
    each_verifies_and_says_what_does_not_apply_yet(found)
    storage_reads_no_secret(found)
    whoever_makes_them_again_makes_the_same_bytes(flow, found, tmp_path)
    nobody_makes_one_twice(flow)
    the_tenders_page_lists_and_serves_them(flow, found)
    an_archive_waits_for_what_belongs_into_it_but_not_for_ever()
    witnesses_and_timestamps_are_asked_about(flow, tmp_path)


def each_verifies_and_says_what_does_not_apply_yet(found: list[Archive]) -> None:
    trust = house_trust()
    not_yet = []
    for one in found:
        assert one.regulators is not None
        public, private = archiving.public_archive(one.public), archiving.regulators_archive(one.regulators)
        assert (len(public), len(private)) == (one.public_size, one.regulators_size)
        assert hashlib.sha256(public).digest() == one.public
        assert hashlib.sha256(private).digest() == one.regulators
        for data, kind in ((public, "public"), (private, "regulator")):
            case = read_case(unpack(data))
            assert (case.moment, case.kind) == (one.moment, kind)
        assert undone(public, trust)
        not_yet.append({number for number, why in undone(private, trust).items() if why == NOT_YET.text})
    deadline, opening, award, archive = not_yet
    assert deadline >= {*range(18, 35), 36, 37, 38, 39}
    assert not {5, 8, 12, 16, 17, 40, 41} & deadline
    assert deadline > opening >= award >= archive == set()
    assert 34 in opening


def storage_reads_no_secret(found: list[Archive]) -> None:
    """The regulator's archives lie encrypted; those of the deadline hold nothing that is sealed."""
    shares = [kept.share for row in Release.objects.all() for kept in open_batch(row.lot, row).shares if kept.share]
    assert shares
    stored = [objects.read(name) for name in objects.store().names(archiving.SPACE)]
    assert len(stored) == 2 * len(found)
    assert not any(share in data or share.hex().encode() in data for share in shares for data in stored)
    first, last = found[0].regulators or b"", found[-1].regulators or b""
    assert not [name for name in unpack(archiving.regulators_archive(first)) if name.startswith("private/")]
    assert any(share in archiving.regulators_archive(last) for share in shares)
    objects.store().put(f"{archiving.SPACE}/{'ab' * 32}.sealed", [b"something else, long enough"])
    with pytest.raises(Broken):
        archiving.regulators_archive(b"\xab" * 32)


def whoever_makes_them_again_makes_the_same_bytes(flow: Flow, found: list[Archive], folder: Path) -> None:
    """A process of its own, with another hash seed, rows in another order, in another zone, months later."""
    if connection.vendor != "sqlite":
        pytest.skip("the database of this test is copied as a file")
    copy = sqlite3.connect(folder / "copy.db")
    copy.executescript("\n".join(connection.connection.iterdump()))  # a backup would wait for the test's transaction
    copy.close()
    said = "".join(f"{one.moment} {one.public.hex()} {(one.regulators or b'').hex()}\n" for one in found)
    env = {
        **os.environ, "DATABASE_URL": f"sqlite:///{folder}/copy.db", "OBJECTS_URL": settings.OBJECTS_URL,
        "PYTHONHASHSEED": "1", "TZ": "America/Lima", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.supervision.rebuilding", flow.tender.code]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == (said, 0), done.stderr


def nobody_makes_one_twice(flow: Flow) -> None:
    row = Moment.objects.select_related("tender").get(moment="award")
    row.made = False  # as another worker saw it a moment ago
    with pytest.raises(Refused) as refusal:
        archiving.make_archive(row)
    assert refusal.value.codes == ["rights.stage"]
    assert len(archives_of(flow.tender)) == len(MOMENTS)


def the_tenders_page_lists_and_serves_them(flow: Flow, found: list[Archive]) -> None:
    home, public = f"/supervision/tenders/{flow.tender.code}/archives", Client()
    listed = public.get(home, HTTP_ACCEPT="application/json").json()["archives"]
    assert [(one["moment"], one["sha256"], one["entry"]) for one in listed] == [
        (one.moment, one.public.hex(), one.index) for one in found
    ]
    page = public.get(f"/tenders/{flow.tender.code}").content.decode()
    assert all(one["href"] in page and one["sha256"] in page for one in listed)
    assert "/export" not in page
    served = public.get(listed[1]["href"])
    assert hashlib.sha256(served.content).hexdigest() == listed[1]["sha256"]
    assert served["Cache-Control"].endswith("immutable")
    assert public.get(f"{home}/dawn.zip").status_code == 404
    for account in (flow.world.agent, flow.world.bidder(1)):
        client = Client()
        client.force_login(account)
        assert client.post(f"{home}/opening/export").status_code in {403, 404}
    client = Client()
    client.force_login(flow.world.regulator)
    assert f"{home}/opening/export" in client.get(f"/tenders/{flow.tender.code}").content.decode()
    taken = client.post(f"{home}/opening/export")
    assert hashlib.sha256(taken.content).digest() == found[1].regulators
    said = read_entry(bytes(EntryRow.objects.filter(tag="supervision:bundle:exported").latest("pk").leaf)).values
    assert said["digest"] == found[1].regulators


def an_archive_waits_for_what_belongs_into_it_but_not_for_ever() -> None:
    row = Moment.objects.select_related("tender").get(moment="deadline")
    assert not archiving.is_ready(row, row.reached_at + timedelta(minutes=59))
    assert archiving.is_ready(row, row.reached_at + archiving.PATIENCE)
    later = Moment.objects.select_related("tender").get(moment="opening")
    Moment.objects.filter(pk=row.pk).update(made=False)
    assert not archiving.is_ready(later, later.reached_at + archiving.PATIENCE)
    Moment.objects.filter(pk=row.pk).update(made=True)
    assert archiving.is_ready(later, later.reached_at + archiving.PATIENCE)
    row.trail = 1_000_000  # a count that no checkpoint covers
    assert not archiving.is_ready(row, row.reached_at + archiving.PATIENCE)


def witnesses_and_timestamps_are_asked_about(flow: Flow, folder: Path) -> None:
    """A later checkpoint is cosigned and dated; the bundle carries both, and each is checked against an own copy."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    keys = {f"w{n}": Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2)}
    people = {name: Witness(f"example.org/{name}", note.raw_public(key.public_key())) for name, key in keys.items()}
    lines = [f"log {log_key_text()}", *(f"witness {name} {one.verifier_key}" for name, one in people.items())]
    text = "\n".join([*lines, "group both 2 w1 w2", "quorum both", ""])
    (folder / "policy").write_text(text)
    settings.SUNLIGHT_WITNESS_POLICY = str(folder / "policy")
    flow.world.sequence()  # the state that is cosigned and dated is a later one
    try:
        point = CheckpointRow.objects.order_by("-size").first()
        assert point is not None
        for name, key in keys.items():
            line = cosign(note.text_of(bytes(point.note)), people[name].name, key, 1_900_000_000).removesuffix("\n")
            taken = {"line": line, "taken_at": flow.world.clock.now(), "at": flow.world.clock.now()}
            Cosignature.objects.create(size=point.size, witness=name, **taken)
        stamped = timestamping.stamp(bytes(point.note))
        dating.keep(point.size, stamped.token, stamped.at)
        data = public_bundle(Tender.objects.get(pk=flow.tender.pk))
        row = Moment.objects.select_related("tender").get(moment="deadline")
        assert archiving.is_ready(row, row.reached_at)
    finally:
        settings.SUNLIGHT_WITNESS_POLICY = ""
        witnessing._read.cache_clear()
    trust = replace(house_trust(), policy=parse_policy(text), timestamp_roots=timestamping.roots())
    assert set(undone(data, trust)) == {36, 37, 38, 39, 45}  # 45 asks for receipts
    others_do_not_pass(data, trust, text)


def others_do_not_pass(data: bytes, trust: Trust, text: str) -> None:
    def faults(name: str, later: Later | None, by: Trust = trust) -> list[str]:
        parts = {**unpack(data), name: write_later(later)}
        results: dict[int, Result] = {one.number: one for one in verify(pack(parts), by).results}
        return [fault.code for number in (43, 44) for fault in results[number].faults]

    case = read_case(unpack(data))
    seen, stamp = case.witnessed, case.stamped
    assert seen is not None
    assert stamp is not None
    assert seen.proof
    *head, one, two, end = seen.checkpoint.split(b"\n")

    def cosigned(*lines: bytes) -> Later:
        return replace(seen, checkpoint=b"\n".join([*head, *lines, end]))

    assert faults("witnesses.json", cosigned(one, two)) == []
    assert faults("witnesses.json", None) == ["verify.no_witness"]
    assert faults("witnesses.json", cosigned(one)) == ["verify.quorum_witnesses"]
    assert faults("witnesses.json", cosigned(one, one)) == ["verify.witness", "verify.quorum_witnesses"]
    assert "verify.witness" in faults("witnesses.json", cosigned(one, two[:-8] + b"AAAAAAA="))
    assert faults("witnesses.json", cosigned(one, two, b"a line")) == ["verify.witnesses_form"]
    assert faults("witnesses.json", cosigned(one, two, "— example.org/w3 AAAA".encode())) == []
    assert faults("witnesses.json", cosigned(one, two.replace(b"/w2", b"/w3"))) == ["verify.quorum_witnesses"]
    assert faults("witnesses.json", replace(seen, proof=seen.proof[1:])) == ["verify.broken"]
    assert faults("witnesses.json", replace(seen, checkpoint=case.note)) == ["verify.broken"]
    alone = replace(trust, policy=parse_policy(text.replace("both 2", "both 1").replace("quorum both", "quorum w1")))
    assert faults("witnesses.json", seen, alone) == []
    narrow = "\n".join(line for line in text.split("\n") if " w2 " not in line).replace("quorum both", "quorum w1")
    narrow = "\n".join(line for line in narrow.split("\n") if not line.startswith("group"))
    assert faults("witnesses.json", seen, replace(trust, policy=parse_policy(narrow))) == []
    assert faults("timestamps.json", None) == ["verify.no_timestamp"]
    unsigned = stamp.token[:-1] + bytes([stamp.token[-1] ^ 1])
    assert faults("timestamps.json", replace(stamp, token=unsigned)) == ["timestamp.wrong"]
    assert faults("timestamps.json", replace(stamp, checkpoint=case.note, proof=())) == ["timestamp.wrong"]
    assert faults("timestamps.json", replace(stamp, proof=stamp.proof[1:])) == ["verify.broken"]
    assert faults("timestamps.json", stamp, replace(trust, timestamp_roots=())) == ["timestamp.wrong"]
