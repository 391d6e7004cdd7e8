"""Enrolment: parties and accounts by the operator, certificates by each account for itself."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from ledger import cms
from ledger.actor import Role
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.keys import request_for
from tests.world import PASSWORD, World
from trading.enrolment import open_account, register_party
from trading.models import Account, Certificate, Party

CODE = "91460100MA5RC1234X"


def post(client: Client, path: str, **fields: object) -> tuple[int, dict[str, object]]:
    answer = client.post(path, fields, content_type="application/json", headers={"accept": "application/json"})
    return answer.status_code, answer.json()


def codes(body: dict[str, object]) -> list[str]:
    return [reason["code"] for reason in body["reasons"]]  # type: ignore[attr-defined]


def test_party_account_certificate_over_http(world: World, client: Client) -> None:
    client.force_login(world.operator)
    status, party = post(client, "/enrolment/parties", credit_code=CODE, name="海口建设有限公司")
    assert (status, party["credit_code"]) == (200, CODE)
    fields = {"username": "haikou", "password": PASSWORD, "role": "bidder", "display": "王工", "party": CODE}
    status, opened = post(client, "/enrolment/accounts", **fields)
    account = Account.objects.get(username="haikou")
    assert opened == {"account": account.code, "username": "haikou", "role": "bidder"}
    client.logout()
    assert client.login(username="haikou", password=PASSWORD)

    key = ec.generate_private_key(ec.SECP256R1())
    status, facts = post(client, "/certificates/enrol", request=request_for(key))

    issued = x509.load_pem_x509_certificate(str(facts["certificate"]).encode())
    roots = x509.load_pem_x509_certificates(str(facts["roots"]).encode())
    assert cms.verify(b"bid", cms.sign(b"bid", issued, key), roots, world.clock.now()) == issued
    assert Certificate.objects.get(account=account).fingerprint == cms.fingerprint(issued) == facts["fingerprint"]
    names = {item.oid._name: item.value for item in issued.subject}
    assert names == {"commonName": "王工", "organizationName": "海口建设有限公司", "serialNumber": CODE}
    entries = [read_entry(bytes(row.leaf)) for row in EntryRow.objects.order_by("pk")]
    assert [(entry.tag, dict(entry.values)) for entry in entries[:2]] == [
        ("trading:party:registered", {"party": party["party"], "credit_code": CODE, "name": "海口建设有限公司"}),
        ("trading:account:opened", {"account": account.code, "role": "bidder", "party": party["party"]}),
    ]
    assert [entry.tag for entry in entries[2:]] == ["trading:certificate:issued"]


def test_party_twice_or_with_a_bad_code_is_refused(world: World) -> None:
    register_party(CODE, "One", actor=world.operator.actor)
    for code, name, why in [(CODE, "Two", "party.known"), ("91460100IO", "Two", "party.credit_code"),
                            (CODE.replace("X", "Y"), "", "party.name")]:  # fmt: skip
        with pytest.raises(Refused) as refusal:
            register_party(code, name, actor=world.operator.actor)
        assert refusal.value.codes == [why]
    assert world.recorded() == ["trading:party:registered"]


def test_account_refusals_come_all_at_once(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        open_account("A", "123", Role.CLOCK, "x", None, actor=world.operator.actor)
    assert refusal.value.codes == ["account.username", "account.role", "account.password"]
    with pytest.raises(Refused) as refusal:
        open_account("expert9", PASSWORD, Role.EXPERT, "x", world.party("y"), actor=world.operator.actor)
    assert refusal.value.codes == ["account.party"]


def test_only_the_operator_enrols_others(world: World, client: Client) -> None:
    client.force_login(world.stranger)
    status, body = post(client, "/enrolment/parties", credit_code=CODE, name="Mine")
    assert (status, codes(body)) == (403, ["rights.role"])
    assert not Party.objects.filter(credit_code=CODE).exists()
    client.logout()
    status, body = post(client, "/certificates/enrol", request="x")
    assert (status, codes(body)) == (401, ["rights.sign_in"])


def test_account_of_an_unknown_party_and_a_bad_request_are_refused(world: World, client: Client) -> None:
    client.force_login(world.operator)
    fields = {"username": "haikou", "password": PASSWORD, "role": "bidder", "display": "x", "party": CODE}
    assert codes(post(client, "/enrolment/accounts", **fields)[1]) == ["party.unknown"]
    status, body = post(client, "/certificates/enrol", request="-----BEGIN NOTHING-----")
    assert (status, codes(body)) == (422, ["certificate.request"])
    assert Certificate.objects.count() == 0
