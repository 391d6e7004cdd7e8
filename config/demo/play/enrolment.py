"""Before the first step: organisations, accounts, certificates, and the experts' register."""

from __future__ import annotations

from config.demo.play.tale import Tale
from config.demo.play.troupe import Troupe


def enrol_all(troupe: Troupe) -> None:
    """Register who is new: organisations, accounts, certificates for those who will sign, experts."""
    for body in troupe.cast.bodies:
        troupe.operator.register(body)
    for client in troupe.clients:
        if client.is_new:
            troupe.operator.open_account(client.person, client.password)
    for client in troupe.signers:
        client.enrol()
    for one in troupe.cast.experts:
        if troupe.client(one.person).is_new:
            troupe.centre.register_expert(one)


def enrol(tale: Tale) -> None:
    """The operator registers everybody; whoever will sign makes a key; the centre enters the experts."""
    troupe, cast = tale.troupe, tale.troupe.cast
    with tale.narrator.step("·", "入驻", "Enrolment", until="experts:expert:registered", times=len(cast.experts)):
        enrol_all(troupe)
        bodies, people, experts = len(cast.bodies), len(cast.people), len(cast.experts)
        troupe.operator.say(
            f"登记 {bodies} 家主体，开立 {people} 个账户", f"registers {bodies} organisations, opens {people} accounts"
        )
        tale.narrator.fact(
            "各方在自己机器上生成密钥并申领证书", "everybody makes a key of their own and enrols a certificate"
        )
        troupe.centre.say(f"登记 {experts} 名评标专家", f"registers {experts} experts")
