"""Step 12, and what the regulator does all along: listen to the live rooms, take the evidence, check it offline."""

from __future__ import annotations

from config.demo.play.tale import Tale


def begin(tale: Tale) -> None:
    """Listen for entries about the tender and each lot."""
    regulator = tale.troupe.regulator
    with tale.narrator.step("·", "监管在线", "The regulator listens", until=""):
        tale.watches = {scope: regulator.watch(scope) for scope in (tale.tender, *tale.lots)}
        regulator.say("实时监看项目与各标段", "watches the tender and its lots live")


def end(tale: Tale) -> None:
    """Hang up, and say how much was heard."""
    with tale.narrator.step("·", "监管小结", "What the regulator heard", until=""):
        heard = {scope: len(set(watch.close())) for scope, watch in tale.watches.items()}
        for scope, count in heard.items():
            tale.narrator.fact(f"{scope}：实时收到 {count} 条记录", f"{count} entries heard as they came")


def check(tale: Tale) -> None:
    """The public bundle, which anybody can check, and the regulator's, with everything in it."""
    regulator = tale.troupe.regulator
    with tale.narrator.step(12, "核验证据包", "The evidence is checked", until="supervision:bundle:exported"):
        for bundle in (regulator.public_bundle(tale.tender), regulator.private_bundle(tale.tender)):
            size = bundle.stat().st_size // 1024
            regulator.say(f"取得 {bundle.name}（{size} KiB），离线核验", f"takes {bundle.name}, checks it offline")
            status, said = regulator.verify(bundle)
            tale.narrator.fact(said, "every check passed" if status == 0 else "NOT in order")
            if status:
                raise SystemExit(f"{bundle.name} does not hold: {said}")
