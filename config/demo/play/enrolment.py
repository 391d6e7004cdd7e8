"""Before the first step: organisations, accounts, certificates, and the experts' register."""

from __future__ import annotations

from config.demo.play.tale import Tale


def enrol(tale: Tale) -> None:
    """The operator registers everybody; whoever will sign makes a key and gets a certificate for it."""
    troupe, cast = tale.troupe, tale.troupe.cast
    with tale.narrator.step("·", "入驻", "Enrolment", until="trading:certificate:issued"):
        for body in cast.bodies:
            troupe.operator.register(body)
        for person in cast.people:
            troupe.operator.open_account(person, troupe.passwords[person.username])
        troupe.operator.say(
            f"登记 {len(cast.bodies)} 家主体，开立 {len(cast.people)} 个账户",
            f"registers {len(cast.bodies)} organisations, opens {len(cast.people)} accounts",
        )
        for client in (*troupe.custodians, troupe.purchaser, troupe.guarantor, *troupe.bidders.values()):
            client.enrol()
        tale.narrator.fact(
            "各方在自己机器上生成密钥并申领证书", "everybody makes a key of their own and enrols a certificate"
        )


def register_experts(tale: Tale) -> None:
    """The centre enters the experts."""
    with tale.narrator.step("·", "评标专家库", "The experts' register", until="experts:expert:registered"):
        for one in tale.troupe.cast.experts:
            tale.troupe.centre.register_expert(one)
        count = len(tale.troupe.cast.experts)
        tale.troupe.centre.say(f"登记 {count} 名评标专家", f"registers {count} experts")
