"""A closing entry that names a list of its envelopes: both bundles hold the list, and the verifier reads it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from bidding.submission import count
from ledger.bundle import unpack
from supervision.bundling import public_bundle, regulators_bundle
from supervision.trusting import house_trust
from supervision.verifier.case import read_case
from supervision.verifier.check import run
from supervision.verifier.verifying import CHECKS, verify
from tests.bidding.scenes import Scene
from tests.supervision.flow import whole

BUILT_ON_IT = {16, 17, 18, 19, 21, 36, 37, 40}


def test_bundles_with_listed_counts_verify_and_without_the_list_they_do_not(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(count, "INLINE", 1)
    tender = whole(scene).tender
    trust = house_trust()
    for data in (public_bundle(tender), regulators_bundle(tender)):
        verdict = verify(data, trust)
        assert [one for one in verdict.failed if one.number in BUILT_ON_IT] == []
        case = read_case(unpack(data))
        closing = next(one for one in case.all("bidding:lot:closed") if one["listed"])
        assert closing["envelopes"] == ()
        name = closing["listed"].hex()
        assert sha256(case.objects[name]).hexdigest() == name
        left = {key: value for key, value in case.objects.items() if key != name}
        lacking = replace(case, objects=left, _worked_out={})
        assert [check.number for check in CHECKS[15:16] if run(check, lacking, trust).faults] == [16]
