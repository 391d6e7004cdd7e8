"""The shared vectors of canonical bytes: what we compute, and nothing refused is read or written."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.canon import Malformed
from tests.ledger.canon_vectors import REFUSED, TAKEN, UNWRITABLE, VECTORS, canon_vectors, read, text_of, write


def test_the_file_is_what_we_compute() -> None:
    assert VECTORS.read_text() == text_of(canon_vectors())


@pytest.mark.parametrize(("kind", "value"), TAKEN)
def test_what_is_taken_reads_back(kind: Any, value: Any) -> None:
    data = write(kind, value)
    read(kind, data)


@pytest.mark.parametrize(("kind", "data"), REFUSED)
def test_what_is_refused_is_not_read(kind: Any, data: str) -> None:
    with pytest.raises(Malformed):
        read(kind, bytes.fromhex(data))


@pytest.mark.parametrize(("kind", "value"), UNWRITABLE)
def test_what_has_no_canonical_bytes_is_not_written(kind: Any, value: Any) -> None:
    with pytest.raises(Malformed):
        write(kind, value)
