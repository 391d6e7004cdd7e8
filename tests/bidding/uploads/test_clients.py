"""tuspy and tus-js-client, unmodified, against a real server: whole, in pieces, killed in the middle, resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tusclient.exceptions import TusCommunicationError

from bidding.client.sealing import SealedBid
from tests.bidding.server import Site
from tests.bidding.uploads.clients import (
    Guest,
    KilledHalfWay,
    create,
    killed_and_resumed,
    lodging,
    node,
    stored,
    tus_js,
    tuspy,
)

pytestmark = [pytest.mark.server]
SIZE = 64 << 20
SMALL = 3 << 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with lodging(tmp_path_factory.mktemp("lodging")) as site:
        yield site


@pytest.fixture(scope="module")
def guests(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Guest]]:
    home = tmp_path_factory.mktemp("guests")
    found = [Guest(site, f"bidder{number}", home) for number in (1, 2)]
    yield found
    for guest in found:
        guest.session.close()


def needs_node() -> None:
    if node() is None:
        pytest.skip("needs node and the npm packages: ./sunlight build")


def received(guest: Guest, bid: SealedBid) -> None:
    """The bid has its receipt, and what lies on the disk is the file byte for byte."""
    state = guest.arrived(bid)
    assert state["state"] == "sealed", state
    assert (state["receipt"]["says"]["digest"], stored(guest.site, state["receipt"])) == (bid.digest, bid.digest)


def test_tuspy_sends_in_pieces_with_checksums(guests: list[Guest]) -> None:
    bid = guests[0].seal(SMALL)
    with tuspy(guests[0], bid, chunk_size=1 << 20, upload_checksum=True) as uploader:
        uploader.upload()
    received(guests[0], bid)


def test_tuspy_goes_on_after_the_server_was_killed(site: Site, guests: list[Guest]) -> None:
    bid = guests[0].seal(SIZE)
    assert 0 < killed_and_resumed(site, guests[0], bid) < bid.size
    received(guests[0], bid)


def test_tus_js_client_sends_the_first_bytes_with_the_creation(guests: list[Guest]) -> None:
    needs_node()
    bid = guests[1].seal(SMALL)
    said = tus_js(guests[1], bid, uploadDataDuringCreation=True, chunkSize=1 << 20)
    assert "/bidding/tus/" in said[-1]["url"]
    received(guests[1], bid)


def test_tus_js_client_may_put_the_method_into_a_header(guests: list[Guest]) -> None:
    needs_node()
    bid = guests[1].seal(SMALL)
    assert "url" in tus_js(guests[1], bid, overridePatchMethod=True, chunkSize=1 << 20)[-1]
    received(guests[1], bid)


def test_tus_js_client_goes_on_by_itself_after_the_server_was_killed(site: Site, guests: list[Guest]) -> None:
    needs_node()
    bid = guests[1].seal(SIZE)
    killer = KilledHalfWay(site, int(bid.size * 0.4))
    killer.start()
    said = tus_js(guests[1], bid)
    killer.join()
    assert 0 < killer.at < bid.size
    assert "url" in said[-1], said[-1]
    received(guests[1], bid)


def test_tus_js_client_hears_a_signed_refusal(guests: list[Guest]) -> None:
    needs_node()
    bid = guests[1].seal(SMALL)
    bid.path.write_bytes(b"this is not sealed" + bid.path.read_bytes()[18:])
    said = tus_js(guests[1], bid)[-1]
    assert said["status"] == 422
    assert json.loads(said["body"])["receipt"]["says"]["codes"] == ["bidding.not_age"]


def test_tus_js_client_ends_an_upload(guests: list[Guest]) -> None:
    needs_node()
    bid = guests[1].seal(SMALL)
    url = create(guests[1], bid)
    assert tus_js(guests[1], bid, url=url, action="terminate")[-1] == {"url": url}
    with pytest.raises(TusCommunicationError) as caught, tuspy(guests[1], bid, url):
        pass
    assert caught.value.status_code == 410


def test_a_body_without_a_length_is_read_to_its_end(guests: list[Guest], tmp_path: Path) -> None:
    """Chunked transfer, as some clients send a stream whose end they do not know."""
    bid = guests[0].seal(SMALL)
    url = create(guests[0], bid)
    words = {
        **guests[0].session.headers, "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }  # fmt: skip

    def pieces() -> Iterator[bytes]:
        with bid.path.open("rb") as file:
            while piece := file.read(1 << 18):
                yield piece

    answer = guests[0].session.http.patch(url, content=pieces(), headers=words)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(bid.size))
    received(guests[0], bid)
