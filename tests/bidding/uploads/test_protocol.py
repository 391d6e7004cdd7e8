"""tus 1.0.0, sentence by sentence: core, creation, creation-with-upload, checksum, termination, expiration."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.test import Client

from bidding.models import Envelope, Part, Refusal, Upload
from bidding.uploads import arrival
from bidding.uploads.expiring import SILENCE, expire
from bidding.uploads.uploading import MAX_LENGTH
from tests.bidding.scenes import BODY, TUS, Scene, Sealed
from trading.models import Account, Lot
from trading.stages import Stage


def open_upload(scene: Scene) -> tuple[Lot, Account, Sealed, str]:
    """A lot, a bidder, a sealed file, and the address of an upload of it that was begun."""
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    return lot, bidder, sealed, scene.begin(lot, bidder, sealed)["Location"]


def head(scene: Scene, account: Account, url: str, **headers: str) -> Any:
    return scene.client(account).head(url, **{**TUS, **headers})  # type: ignore[arg-type]


# Core


def test_head_says_offset_length_and_metadata_and_is_never_cached(scene: Scene) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    answer = head(scene, bidder, url)
    assert (answer.status_code, answer["Upload-Offset"], answer["Upload-Length"]) == (200, "0", str(len(sealed.data)))
    assert answer["Cache-Control"] == "no-store"
    assert answer["Tus-Resumable"] == "1.0.0"
    words = dict(pair.split(" ") for pair in answer["Upload-Metadata"].split(","))
    assert base64.b64decode(words["id"]).decode() == sealed.id


def test_head_of_what_is_not_there_has_no_offset(scene: Scene) -> None:
    scene.lot()
    answer = head(scene, scene.world.bidder(1), "/bidding/tus/" + "0" * 32)
    assert (answer.status_code, "Upload-Offset" in answer, answer["Tus-Resumable"]) == (404, False, "1.0.0")


def test_patch_needs_its_media_type_and_the_right_offset(scene: Scene) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    wrong = scene.client(bidder).patch(url, sealed.data, content_type="text/plain", HTTP_UPLOAD_OFFSET="0", **TUS)  # type: ignore[arg-type]
    assert wrong.status_code == 415
    assert scene.patch(url, bidder, sealed.data[:10], 1).status_code == 409
    right = scene.patch(url, bidder, sealed.data[:10], 0)
    assert (right.status_code, right["Upload-Offset"], right["Tus-Resumable"]) == (204, "10", "1.0.0")
    assert Upload.objects.get().offset == 10


@pytest.mark.parametrize("method", ["post", "head", "patch", "delete"])
def test_another_version_is_refused_and_nothing_is_done(scene: Scene, method: str) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    ask = getattr(scene.client(bidder), method)
    for version in ({"tus-resumable": "0.2.2"}, {}):
        answer = ask("/bidding/tus/" if method == "post" else url, headers=version)
        assert (answer.status_code, answer["Tus-Version"], answer["Tus-Resumable"]) == (412, "1.0.0", "1.0.0")
    assert (Upload.objects.get().offset, Upload.objects.get().state) == (0, Upload.OPEN)
    assert sealed.data


def test_options_need_no_version_and_nobody_signed_in() -> None:
    answer = Client().options("/bidding/tus/", headers={"tus-resumable": "9.9"})
    assert (answer.status_code, answer["Tus-Version"], answer["Tus-Max-Size"]) == (204, "1.0.0", str(MAX_LENGTH))


def test_the_method_may_stand_in_a_header(scene: Scene) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    client, words = scene.client(bidder), {**TUS, "HTTP_UPLOAD_OFFSET": "0"}
    patched = client.post(url, sealed.data[:10], content_type=BODY, HTTP_X_HTTP_METHOD_OVERRIDE="PATCH", **words)  # type: ignore[arg-type]
    assert (patched.status_code, patched["Upload-Offset"]) == (204, "10")
    assert client.post(url, HTTP_X_HTTP_METHOD_OVERRIDE="HEAD", **TUS)["Upload-Offset"] == "10"  # type: ignore[arg-type]
    assert client.post(url, HTTP_X_HTTP_METHOD_OVERRIDE="DELETE", **TUS).status_code == 204  # type: ignore[arg-type]
    assert Upload.objects.get().state == Upload.ENDED


def test_a_method_in_a_header_needs_the_csrf_token_of_its_own_method(scene: Scene) -> None:
    _lot, bidder, _sealed, url = open_upload(scene)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bidder)
    refused = strict.post(url, HTTP_X_HTTP_METHOD_OVERRIDE="DELETE", **TUS)  # type: ignore[arg-type]
    assert (refused.status_code, Upload.objects.get().state) == (403, Upload.OPEN)


# Creation, creation-with-upload


def test_creation_answers_where(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    answer = scene.begin(lot, bidder, scene.seal(lot, bidder))
    assert (answer.status_code, answer["Tus-Resumable"]) == (201, "1.0.0")
    assert answer["Location"].endswith(f"/bidding/tus/{Upload.objects.get().code}")


def test_a_length_said_later_is_not_offered(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    answer = scene.begin(lot, bidder, sealed, HTTP_UPLOAD_LENGTH="", HTTP_UPLOAD_DEFER_LENGTH="1")
    assert answer.status_code == 400
    assert "creation-defer-length" not in scene.client(bidder).options("/bidding/tus/")["Tus-Extension"]


def test_creation_takes_the_first_bytes(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    words = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in (("lot", lot.code), ("id", sealed.id))
    )
    facts = {"HTTP_UPLOAD_LENGTH": str(len(sealed.data)), "HTTP_UPLOAD_METADATA": words, **TUS}
    answer = scene.client(bidder).post("/bidding/tus/", sealed.data[:100], content_type=BODY, **facts)  # type: ignore[arg-type]
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "100")
    assert scene.patch(answer["Location"], bidder, sealed.data[100:], 100).status_code == 204
    assert Envelope.objects.get().digest == hashlib.sha256(sealed.data).hexdigest()


# Checksum


def test_the_algorithms_are_told_and_sha1_is_among_them(scene: Scene) -> None:
    answer = scene.client(scene.world.bidder(1)).options("/bidding/tus/")
    assert "sha1" in answer["Tus-Checksum-Algorithm"].split(",")
    assert "checksum" in answer["Tus-Extension"].split(",")


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_bytes_that_do_not_fit_their_checksum_are_thrown_away(scene: Scene, name: str) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    right = base64.b64encode(hashlib.new(name, sealed.data[:50]).digest()).decode()
    answer = scene.patch(url, bidder, sealed.data[1:51], HTTP_UPLOAD_CHECKSUM=f"{name} {right}")
    assert (answer.status_code, answer["Tus-Resumable"]) == (460, "1.0.0")
    assert (head(scene, bidder, url)["Upload-Offset"], Part.objects.count()) == ("0", 0)
    assert scene.patch(url, bidder, sealed.data[:50], HTTP_UPLOAD_CHECKSUM=f"{name} {right}")["Upload-Offset"] == "50"


def test_an_unknown_algorithm_is_refused(scene: Scene) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    assert scene.patch(url, bidder, sealed.data[:50], HTTP_UPLOAD_CHECKSUM="crc32 AAAA").status_code == 400
    assert Upload.objects.get().offset == 0


# Termination


def test_an_upload_that_was_ended_is_gone(scene: Scene) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    scene.patch(url, bidder, sealed.data[:10])
    assert scene.client(bidder).delete(url, **TUS).status_code == 204  # type: ignore[arg-type]
    again = scene.client(bidder).delete(url, **TUS)  # type: ignore[arg-type]
    assert (again.status_code, head(scene, bidder, url).status_code) == (410, 410)


def test_what_was_received_cannot_be_ended_and_the_answer_says_why(scene: Scene) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    scene.patch(url, bidder, sealed.data)
    text = "该上传已全部接收，不能再放弃。投标截止前可凭回执撤回投标。"
    for state in (Upload.DECIDED, Upload.STAMPED):  # stamped: the last byte is in, and nobody has decided yet
        Upload.objects.update(state=state)
        answer = scene.client(bidder).delete(url, **TUS)  # type: ignore[arg-type]
        reason = {"code": "bidding.upload_whole", "text": text, "facts": {}}
        assert (answer.status_code, answer.json()) == (409, {"title": "refused", "reasons": [reason], "status": 409})
        assert (answer["Tus-Resumable"], Envelope.objects.count()) == ("1.0.0", 1)


def test_what_was_refused_with_its_last_byte_answers_with_that_refusal(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    cut = Sealed(sealed.data[:-1], sealed.id)
    url = scene.begin(lot, bidder, cut)["Location"]
    refused = scene.patch(url, bidder, cut.data).json()
    answer = scene.client(bidder).delete(url, **TUS)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["receipt"]) == (410, refused["receipt"])


# Expiration


def expires(answer: Any) -> datetime:
    return parsedate_to_datetime(answer["Upload-Expires"])


def test_every_answer_says_when_an_unfinished_upload_ends(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    begun = scene.begin(lot, bidder, sealed)
    first = scene.world.clock.now() + SILENCE
    assert expires(begun) == first.astimezone(UTC)
    scene.world.clock.pass_(timedelta(hours=3))
    later = scene.patch(begun["Location"], bidder, sealed.data[:10])
    assert expires(later) == (first + timedelta(hours=3)).astimezone(UTC)
    assert expires(head(scene, bidder, begun["Location"])) == expires(later)
    assert "Upload-Expires" not in scene.patch(begun["Location"], bidder, sealed.data[10:], 10)


def test_none_lasts_beyond_the_deadline(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline - timedelta(hours=1))
    assert expires(scene.begin(lot, bidder, sealed)) == lot.deadline.astimezone(UTC)


def test_the_tick_removes_what_was_silent_for_a_day_and_nothing_else(scene: Scene) -> None:
    lot, bidder, sealed, url = open_upload(scene)
    scene.patch(url, bidder, sealed.data[:100])
    scene.world.clock.pass_(SILENCE - timedelta(seconds=1))
    other = scene.world.bidder(2)
    young = scene.seal(lot, other)
    kept = scene.begin(lot, other, young)["Location"]
    assert expire(scene.world.clock.now()) == 0
    scene.world.clock.pass_(timedelta(seconds=1))
    assert expire(scene.world.clock.now()) == 1
    gone = scene.patch(url, bidder, sealed.data[100:], 100)
    assert (gone.status_code, gone.json()["reasons"][0]["code"]) == (410, "bidding.upload_over")
    assert (head(scene, bidder, url).status_code, Part.objects.count()) == (410, 0)
    assert scene.arrived(lot, bidder, sealed.id).json()["state"] == "expired"
    assert not (arrival.uploads_folder() / url.rpartition("/")[2]).exists()
    assert scene.patch(kept, other, young.data).status_code == 204


def test_what_is_stamped_never_expires(scene: Scene) -> None:
    _lot, bidder, sealed, url = open_upload(scene)
    scene.patch(url, bidder, sealed.data[:-1])
    now = scene.world.clock.now()
    Upload.objects.update(state=Upload.STAMPED, stamp=now, offset=len(sealed.data))
    scene.world.clock.pass_(SILENCE * 3)
    assert expire(scene.world.clock.now()) == 0
    assert (Upload.objects.get().state, Part.objects.count()) == (Upload.STAMPED, 1)


def test_an_upload_of_a_counted_lot_is_forgotten_and_says_so_with_a_signature(scene: Scene) -> None:
    lot, bidder, sealed, url = open_upload(scene)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline - timedelta(minutes=1))
    scene.patch(url, bidder, sealed.data[:100])
    scene.world.clock.set(lot.deadline + timedelta(minutes=1))
    scene.world.lot(Stage.CLOSING)
    assert expire(scene.world.clock.now()) == 0  # the deadline may still move after an outage
    scene.world.lot(Stage.CLOSED)
    assert expire(scene.world.clock.now()) == 1
    answer = scene.patch(url, bidder, sealed.data[100:], 100)
    assert (answer.status_code, answer.json()["receipt"]["says"]["codes"]) == (410, ["bidding.late"])
    assert Refusal.objects.get().submission == sealed.id


def test_bytes_that_come_while_the_upload_expires_are_told_so(scene: Scene) -> None:
    _lot, bidder, sealed, url = open_upload(scene)

    class Expiring(io.BytesIO):
        """A body in whose midst the upload is forgotten."""

        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                scene.world.clock.pass_(SILENCE)
                expire(scene.world.clock.now())
            return super().read(min(300, size or 300))

    body = Expiring(sealed.data[:600])
    facts = {**TUS, "HTTP_UPLOAD_OFFSET": "0", "CONTENT_LENGTH": "600", "wsgi.input": body}
    answer = scene.client(bidder).patch(url, b"x" * 600, content_type=BODY, **facts)  # type: ignore[arg-type]
    assert answer.status_code == 410
    assert Part.objects.count() == 0
