"""Uploads: the tus protocol, and every refusal while the bidder can still mend it."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bidding.models import Envelope, Part, Refusal, Upload
from bidding.submission import submitting as submission
from bidding.submission.receipt import check_receipt
from bidding.uploads import arrival
from bidding.uploads import uploading as uploads
from ledger.errors import Conflict
from tests.bidding.scenes import BODY, TUS, Scene, Sealed
from trading import authority
from trading.handles import handle_for
from trading.models import Lot
from trading.stages import Stage


def codes(response: Any) -> list[str]:
    return [reason["code"] for reason in response.json()["reasons"]]


def test_options_tell_the_extensions(scene: Scene) -> None:
    answer = scene.client(scene.world.bidder(1)).options("/bidding/tus/")
    assert (answer.status_code, answer["Tus-Version"], answer["Tus-Checksum-Algorithm"]) == (
        204,
        "1.0.0",
        "sha1,sha256",
    )
    assert answer["Tus-Extension"] == "creation,creation-with-upload,checksum,termination,expiration"


def test_another_version_of_the_protocol_is_refused(scene: Scene) -> None:
    answer = scene.client(scene.world.bidder(1)).post("/bidding/tus/", headers={"tus-resumable": "0.2.2"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_an_upload_in_pieces_is_the_file(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    url = scene.begin(lot, bidder, sealed)["Location"]
    for start in range(0, len(sealed.data), 300):
        answer = scene.patch(url, bidder, sealed.data[start : start + 300], start)
        assert answer.status_code == 204, answer.content
    head = scene.client(bidder).head(url, **TUS)  # type: ignore[arg-type]
    assert (head["Upload-Offset"], head["Upload-Length"]) == (str(len(sealed.data)),) * 2
    assert Envelope.objects.get().digest == hashlib.sha256(sealed.data).hexdigest()


def test_creation_with_upload_takes_the_whole_file_at_once(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    words = f"lot {base64.b64encode(lot.code.encode()).decode()},id {base64.b64encode(sealed.id.encode()).decode()}"
    facts = {"HTTP_UPLOAD_LENGTH": str(len(sealed.data)), "HTTP_UPLOAD_METADATA": words, **TUS}
    answer = scene.client(bidder).post("/bidding/tus/", sealed.data, content_type=BODY, **facts)  # type: ignore[arg-type]
    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(len(sealed.data)))
    assert Envelope.objects.count() == 1


def test_a_wrong_offset_is_a_conflict(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    url = scene.begin(lot, bidder, sealed)["Location"]
    assert scene.patch(url, bidder, sealed.data[:10], 5).status_code == 409
    assert scene.patch(url, bidder, sealed.data + b"more").status_code == 413


def test_a_checksum_guards_every_request(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    url = scene.begin(lot, bidder, sealed)["Location"]
    right = base64.b64encode(hashlib.sha256(sealed.data).digest()).decode()
    assert scene.patch(url, bidder, b"\0" * 100, HTTP_UPLOAD_CHECKSUM=f"sha256 {right}").status_code == 460
    assert scene.patch(url, bidder, sealed.data, HTTP_UPLOAD_CHECKSUM=f"md5 {right}").status_code == 400
    assert scene.patch(url, bidder, sealed.data, HTTP_UPLOAD_CHECKSUM=f"sha256 {right}").status_code == 204
    assert Envelope.objects.count() == 1


def test_an_upload_can_be_given_up(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    url = scene.begin(lot, bidder, sealed)["Location"]
    scene.patch(url, bidder, sealed.data[:100])
    assert scene.client(bidder).delete(url, **TUS).status_code == 204  # type: ignore[arg-type]
    assert scene.client(bidder).head(url, **TUS).status_code == 410  # type: ignore[arg-type]
    assert scene.patch(url, bidder, sealed.data[100:], 100).status_code == 410
    assert Upload.objects.get().state == Upload.ENDED
    assert Part.objects.count() == 0
    assert [path.name for path in arrival.uploads_folder().iterdir() if path.name != "locks"] == []


@pytest.mark.parametrize(
    "words", ["", "lot eA==", "lot eA==,id eA==,filename eA==", "lot eA==,lot eA==", "lot !,id eA=="]
)
def test_metadata_holds_nothing_but_lot_and_id(scene: Scene, words: str) -> None:
    facts = {"HTTP_UPLOAD_LENGTH": "10", "HTTP_UPLOAD_METADATA": words, **TUS}
    answer = scene.client(scene.world.bidder(1)).post("/bidding/tus/", **facts)  # type: ignore[arg-type]
    assert (answer.status_code, codes(answer)) == (400, ["upload.metadata"])


@pytest.mark.parametrize("length", ["", "-1", "1.5", "0x10"])
def test_a_length_is_a_whole_number(scene: Scene, length: str) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    answer = scene.begin(lot, bidder, scene.seal(lot, bidder), HTTP_UPLOAD_LENGTH=length)
    assert (answer.status_code, codes(answer)) == (400, ["upload.count"])


@pytest.mark.parametrize(
    ("length", "status", "code"), [("0", 422, "bidding.size"), (str(1 << 32), 413, "bidding.too_large")]
)
def test_a_length_is_within_the_limits(scene: Scene, length: str, status: int, code: str) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    answer = scene.begin(lot, bidder, scene.seal(lot, bidder), HTTP_UPLOAD_LENGTH=length)
    assert (answer.status_code, codes(answer)) == (status, [code])


def refused(scene: Scene, lot: Lot, sealed: Sealed, number: int = 1) -> tuple[list[str], Refusal]:
    """Send what must be refused; the codes, and the refusal on record."""
    answer = scene.send(lot, scene.world.bidder(number), sealed)
    assert answer.status_code == 422, answer.content
    checked = check_receipt(answer.json()["receipt"], authority.roots())
    assert checked.kind == "refused"
    assert list(checked.entry.values["codes"]) == codes(answer)
    return codes(answer), Refusal.objects.get(number=checked.number)


def test_what_is_not_sealed_is_refused(scene: Scene) -> None:
    lot = scene.lot()
    plain = Sealed(b"PK\x03\x04 our price is 9,596,000.00" + bytes(500), "00" * 16)
    assert refused(scene, lot, plain)[0] == ["bidding.not_age"]
    assert Envelope.objects.count() == 0


def test_what_is_sealed_for_another_lot_is_refused(scene: Scene) -> None:
    lot, other = scene.lots(2)
    assert refused(scene, lot, scene.seal(other, scene.world.bidder(1)))[0] == ["bidding.other_sheet"]


def test_what_is_sealed_under_another_id_is_refused(scene: Scene) -> None:
    lot = scene.lot()
    sealed = scene.seal(lot, scene.world.bidder(1))
    assert refused(scene, lot, Sealed(sealed.data, "ab" * 16))[0] == ["bidding.other_submission"]


@pytest.mark.parametrize("cut", [1, 100, 200])
def test_a_truncated_file_is_refused(scene: Scene, cut: int) -> None:
    lot = scene.lot()
    sealed = scene.seal(lot, scene.world.bidder(1))
    assert refused(scene, lot, Sealed(sealed.data[:-cut], sealed.id))[0] in (
        ["bidding.unpadded"],
        ["bidding.payload_cut"],
    )


def test_a_file_that_ends_in_its_header_is_refused(scene: Scene) -> None:
    lot = scene.lot()
    sealed = scene.seal(lot, scene.world.bidder(1))
    assert refused(scene, lot, Sealed(sealed.data[:200], sealed.id))[0] == ["bidding.header_cut"]


def test_a_copied_envelope_of_another_bidder_is_refused(scene: Scene) -> None:
    lot = scene.lot()
    sealed = scene.seal(lot, scene.world.bidder(1))
    assert scene.send(lot, scene.world.bidder(1), sealed).status_code == 204
    assert refused(scene, lot, sealed, 2)[0] == ["bidding.copied"]
    assert Envelope.objects.count() == 1


def test_the_submission_id_of_another_bidder_is_refused(scene: Scene) -> None:
    lot = scene.lot()
    sealed = scene.seal(lot, scene.world.bidder(1))
    scene.send(lot, scene.world.bidder(1), sealed)
    mine = scene.seal(lot, scene.world.bidder(2), salt=bytes.fromhex(sealed.id))
    assert mine.id == sealed.id
    assert refused(scene, lot, mine, 2)[0] == ["bidding.copied"]
    assert scene.arrived(lot, scene.world.bidder(2), sealed.id).json()["state"] == "refused"


@pytest.mark.parametrize("who", ["agent", "centre", "purchaser", "regulator", "operator", "guarantor"])
def test_only_bidders_upload(scene: Scene, who: str) -> None:
    lot = scene.lot()
    answer = scene.begin(lot, getattr(scene.world, who), Sealed(b"x", "00" * 16))
    assert answer.status_code == 403
    assert Upload.objects.count() == 0


def test_a_stranger_cannot_touch_anothers_upload(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    url = scene.begin(lot, bidder, sealed)["Location"]
    stranger = scene.client(scene.world.stranger)
    assert stranger.head(url, **TUS).status_code == 404  # type: ignore[arg-type]
    assert scene.patch(url, scene.world.stranger, sealed.data).status_code == 404
    assert stranger.delete(url, **TUS).status_code == 404  # type: ignore[arg-type]
    assert Upload.objects.get().offset == 0


def test_nobody_uploads_without_signing_in(scene: Scene) -> None:
    from django.test import Client

    assert Client().post("/bidding/tus/", **TUS).status_code == 401  # type: ignore[arg-type]


def test_one_bidder_cannot_fill_the_disk_with_beginnings_and_is_never_shut_out(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed, handle = scene.seal(lot, bidder), handle_for(lot, bidder.actor)
    begun = []
    for _number in range(uploads.MOST_OPEN):
        begun.append(uploads.begin(lot, handle, sealed.id, len(sealed.data)))
        scene.world.clock.pass_(timedelta(seconds=1))
    scene.patch(f"/bidding/tus/{begun[0].code}", bidder, sealed.data[:10])
    assert scene.begin(lot, scene.world.bidder(2), sealed).status_code == 201
    assert scene.send(lot, bidder, sealed).status_code == 204
    states = {row.code: row.state for row in Upload.objects.filter(handle=handle)}
    assert [states[one.code] for one in begun[:3]] == [Upload.OPEN, Upload.EXPIRED, Upload.OPEN]
    assert list(states.values()).count(Upload.OPEN) == uploads.MOST_OPEN - 1


def test_beginnings_have_an_end(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST", 2)
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    answers = [scene.begin(lot, bidder, sealed) for _number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 422]
    assert codes(answers[-1]) == ["bidding.too_many_uploads"]
    assert answers[-1].json()["receipt"]["kind"] == "refused"


def test_a_stale_request_cannot_spoil_a_newer_one(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    made = uploads.begin(lot, handle_for(lot, bidder.actor), sealed.id, len(sealed.data))
    stale, fresh = (Upload.objects.select_related("lot__tender").get(pk=made.pk) for _twice in range(2))
    half = len(sealed.data) // 2
    uploads.append(fresh, io.BytesIO(sealed.data[:half]), half)
    with pytest.raises(Conflict):
        uploads.append(stale, io.BytesIO(sealed.data[: half - 1] + b"?"), half)
    uploads.append(fresh, io.BytesIO(sealed.data[half:]), len(sealed.data) - half)
    given = submission.decide(fresh)
    assert isinstance(given, Envelope)
    assert given.digest == hashlib.sha256(sealed.data).hexdigest()


class CutBody(io.BytesIO):
    """A connection that breaks."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise OSError("cut")
        return piece


def test_what_came_before_a_cut_is_kept(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    upload = uploads.begin(lot, handle_for(lot, bidder.actor), sealed.id, len(sealed.data))
    uploads.append(upload, CutBody(sealed.data[:777]), len(sealed.data))
    assert Upload.objects.get().offset == 777
    uploads.append(upload, io.BytesIO(sealed.data[777:]), len(sealed.data) - 777)
    assert isinstance(submission.decide(upload), Envelope)


DEADLINE = datetime.fromisoformat("2026-03-24T09:30:00+08:00")


@given(late=st.integers(-1_000_000, 1_000_000) | st.integers(-3, 3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_time_is_before_the_deadline_to_the_microsecond(scene: Scene, late: int) -> None:
    """`late` microseconds after the deadline, by the clock when the last byte has been read."""
    scene.world.clock.set(DEADLINE - timedelta(hours=1))
    lot = scene.world.lot(Stage.BIDDING, deadline=DEADLINE) if Lot.objects.exists() else scene.lot(deadline=DEADLINE)
    bidder = scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    url = scene.begin(lot, bidder, sealed)["Location"]
    scene.patch(url, bidder, sealed.data[:-1])
    scene.world.clock.set(DEADLINE + timedelta(microseconds=late))
    answer = scene.patch(url, bidder, sealed.data[-1:], len(sealed.data) - 1)
    state = scene.arrived(lot, bidder, sealed.id).json()
    assert (answer.status_code, state["state"]) == ((204, "sealed") if late < 0 else (422, "refused"))
    says = state["receipt"]["says"]
    assert says["stamp"] == (DEADLINE + timedelta(microseconds=late)).astimezone(says_zone(says)).isoformat(
        timespec="microseconds"
    )
    assert says.get("codes", []) == ([] if late < 0 else ["bidding.late"])


def says_zone(says: dict[str, str]) -> tzinfo | None:
    return datetime.fromisoformat(says["stamp"]).tzinfo


def test_late_by_one_millisecond_is_refused_when_it_begins(scene: Scene) -> None:
    lot, bidder = scene.lot(deadline=DEADLINE), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    scene.world.clock.set(DEADLINE + timedelta(milliseconds=1))
    first, again = (scene.begin(lot, bidder, sealed) for _twice in range(2))
    assert codes(first) == ["bidding.late"]
    numbers = {answer.json()["receipt"]["says"]["number"] for answer in (first, again)}
    assert len(numbers) == 2  # each attempt has a refusal of its own
    assert first.json()["receipt"]["says"]["stamp"].startswith("2026-03-24T01:30:00.001")
    assert Upload.objects.count() == 0
