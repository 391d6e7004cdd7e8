"""The vectors that the Python and TypeScript twins share, computed anew; run as a module it writes them.

`opening.json`: file key, salt, sheet digest, policy and leaf keys (hex) with everything that follows from them.
`policy.json`: policies that are taken, with their smallest sets, and those that are refused, with the code.
`padding.json`: padded lengths, and file lengths that an envelope may or may not have.
`sheet.json`: custody sheets, their canonical bytes and digest.
`manifest.json`: manifests that are taken, and those that are refused, with the code.
`package.json`: a manifest, a signature, files, and the package that they make.
`crafted.json`: headers crafted against a custodian: what the holder of a leaf's key gets, or why a share does not fit.
`header.json`: headers as they are checked at receipt for the first sheet of `sheet.json`, with code or facts.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path

from bidding.envelope import stanza
from bidding.envelope.header import make_header
from bidding.envelope.manifest import write_manifest
from bidding.envelope.padding import MAX_PACKAGE, package_length, padded
from bidding.envelope.policy import in_words, parse_policy
from bidding.envelope.sheet import sheet_digest
from bidding.envelope.stream import sealed_length
from bidding.envelope.x25519 import public_key
from ledger.canon import encode
from ledger.errors import Refused
from tests.bidding.envelope import makers, test_manifest, test_receiving

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
ANCHORS = ("2(a,c,r)", "2(b,2(a,c,r))", "2(1(a1,a2),1(c1,c2),r)")
OTHERS = (
    "3(a,c,r)",
    "2(a,c)",
    "1(2(a,c),2(c1,r))",
    "2(1(a,2(a1,a2)),c,2(r1,r2,r3))",
    "2(1(a,1(c,d)),r)",
    "3(b,1(a1,a2,a3),1(c,r,z9))",
    "2(8(a1,a2,a3,a4,a5,a6,a7,a8),8(c1,c2,c3,c4,c5,c6,c7,c8))",
    "7(a,c,d,e,f,g,h,i)",
)
REFUSED = {
    "": "bidding.policy_grammar",
    "a": "bidding.policy_grammar",
    "2": "bidding.policy_grammar",
    "2()": "bidding.policy_grammar",
    "2(a)": "bidding.policy_grammar",
    "1(a)": "bidding.policy_grammar",
    "2(a,c": "bidding.policy_grammar",
    "2(a,c))": "bidding.policy_grammar",
    "2(a,c)r": "bidding.policy_grammar",
    "2(a,,c)": "bidding.policy_grammar",
    "2(a,c,)": "bidding.policy_grammar",
    "2(,a,c)": "bidding.policy_grammar",
    "2 (a,c)": "bidding.policy_grammar",
    "2(a, c)": "bidding.policy_grammar",
    " 2(a,c)": "bidding.policy_grammar",
    "2(a,c)\n": "bidding.policy_grammar",
    "0(a,c)": "bidding.policy_grammar",
    "9(a,c)": "bidding.policy_grammar",
    "02(a,c)": "bidding.policy_grammar",
    "2(A,c)": "bidding.policy_grammar",
    "2(a0,c)": "bidding.policy_grammar",
    "2(a10,c)": "bidding.policy_grammar",
    "2(b1,a,c)": "bidding.policy_grammar",
    "2(a;c)": "bidding.policy_grammar",
    "2(a,\u00e9)": "bidding.policy_grammar",
    "2[a,c]": "bidding.policy_grammar",
    "2(ac,r)": "bidding.policy_grammar",
    "(a,c)": "bidding.policy_grammar",
    "2(a,(c,r))": "bidding.policy_grammar",
    "2(a,c,d,e,f,g,h,i,j)": "bidding.policy_grammar",
    "3(a,c)": "bidding.policy_quorum",
    "2(a,3(c,r))": "bidding.policy_quorum",
    "2(a,a)": "bidding.policy_twice",
    "2(a1,1(c,a1))": "bidding.policy_twice",
    "2(a,1(b,1(c,b)))": "bidding.policy_twice",
    "1(a,c)": "bidding.policy_one_body",
    "2(a1,a2)": "bidding.policy_one_body",
    "2(a,b)": "bidding.policy_one_body",
    "2(b,1(a,c))": "bidding.policy_one_body",
    "2(a1,a2,c)": "bidding.policy_one_body",
    "2(b,2(a1,a2,c))": "bidding.policy_one_body",
    "1(2(a,c),2(r1,r2))": "bidding.policy_one_body",
    "2(1(a,1(c,2(d,e))),r)": "bidding.policy_depth",
    "2(8(a1,a2,a3,a4,a5,a6,a7,a8),8(c1,c2,c3,c4,c5,c6,c7,c8),r)": "bidding.policy_leaves",
}


def leaf_private(label: str) -> bytes:
    """The private key of a leaf in the vectors: SHA-256(label)."""
    return hashlib.sha256(label.encode()).digest()


def opening_vector(text: str, file_key: bytes, salt: bytes, sheet: bytes) -> dict[str, object]:
    """One vector: inputs and everything that follows from them."""
    policy = parse_policy(text)
    private = {label: leaf_private(label) for label in policy.labels}
    keys = [public_key(private[label]) for label in policy.labels]
    opening = stanza.build(file_key, salt, sheet, policy, keys)
    header = make_header(file_key, (opening.stanza(),)).write()
    return {
        "policy": text,
        "K": file_key.hex(),
        "SALT": salt.hex(),
        "SHEET": sheet.hex(),
        "private": {label: key.hex() for label, key in private.items()},
        "keys": [key.hex() for key in keys],
        "X": opening.context.hex(),
        "e": stanza.ephemeral_key(file_key, salt, opening.context).hex(),
        "E": opening.share.hex(),
        "Y": [piece.hex() for piece in stanza.leaf_shares(file_key, salt, opening.context, policy)],
        "body": b"".join(opening.parts).hex(),
        "header": header.decode("ascii"),
        "header_sha256": hashlib.sha256(header).hexdigest(),
    }


def opening_vectors() -> list[dict[str, object]]:
    """The three anchors of the design, then others with inputs derived from their policy."""
    anchor = (bytes(range(16)), bytes(range(16, 32)), bytes(range(32, 64)))
    return [opening_vector(text, *anchor) for text in ANCHORS] + [
        opening_vector(text, drawn("K", text)[:16], drawn("SALT", text)[:16], drawn("SHEET", text)) for text in OTHERS
    ]


def drawn(word: str, text: str) -> bytes:
    """32 bytes that follow from a word and a policy."""
    return hashlib.sha256(f"{word} {text}".encode()).digest()


def policy_vectors() -> dict[str, object]:
    """Policies taken and refused."""
    return {
        "taken": [
            {
                "policy": text,
                "labels": parse_policy(text).labels,
                "smallest": [sorted(chosen) for chosen in parse_policy(text).smallest],
                "words": in_words(parse_policy(text)),
            }
            for text in (*ANCHORS, *OTHERS)
        ],
        "refused": [{"policy": text, "code": code} for text, code in REFUSED.items()],
    }


def padding_vectors() -> dict[str, object]:
    """Package lengths and what they are padded to; file lengths (header 473) and the package length or refusal."""
    edges = [2**power + step for power in range(32) for step in (-1, 0, 1)]
    lengths = sorted({length for length in edges if 1 <= length <= MAX_PACKAGE} | {1000, 40_000_000, MAX_PACKAGE})
    packages = [0, 1, 9, 1000, 1024, 65_536, 65_537, 67_584, 131_072, 1 << 30, MAX_PACKAGE, MAX_PACKAGE + (1 << 26)]
    files = [473 + sealed_length(length) for length in packages]
    files += [473, 488, 489, 505, 473 + sealed_length(65_536) + 1, 473 + sealed_length(65_536) + 16]
    return {
        "padded": [[length, padded(length)] for length in lengths],
        "files": [{"file": size, "header": 473, **package_or_code(size)} for size in files],
    }


def package_or_code(size: int) -> dict[str, object]:
    """What the length of a file says."""
    try:
        return {"package": package_length(size, 473)}
    except Refused as refusal:
        return {"code": refusal.codes[0]}


def sheet_vectors() -> list[dict[str, object]]:
    """Sheets of the makers, one a policy."""
    return [
        {
            "lot": sheet.lot,
            "round": sheet.round,
            "suite": sheet.suite,
            "policy": sheet.policy,
            "leaves": [
                {
                    "label": leaf.label,
                    "holder": leaf.holder,
                    "certificate": leaf.certificate.hex(),
                    "key": leaf.key.hex(),
                }
                for leaf in sheet.leaves
            ],
            "bytes": encode(sheet).hex(),
            "SHEET": sheet_digest(sheet).hex(),
        }
        for sheet in map(makers.sheet_for, ANCHORS)
    ]


def manifest_vectors() -> dict[str, object]:
    """Texts of manifests; those that are not even UTF-8 are for each twin's own tests."""
    texts = [(data.decode(), code) for data, code in test_manifest.BAD.values() if is_short_text(data)]
    return {
        "taken": [
            test_manifest.WHOLE,
            test_manifest.changed(price="0").decode(),
            test_manifest.changed(items=[]).decode(),
        ],
        "refused": [{"manifest": text, "code": f"bidding.{code}"} for text, code in texts],
    }


def is_short_text(data: bytes) -> bool:
    """Whether it fits into a file of vectors."""
    try:
        return len(data.decode()) < 10_000
    except UnicodeDecodeError:
        return False


def package_vectors() -> dict[str, object]:
    """One package, byte for byte."""
    sheet = makers.sheet_for()
    package = makers.bid_package(sheet)
    measured = [makers.in_memory(name, data) for name, data in makers.FILES.items()]
    return {
        "manifest": write_manifest(makers.manifest_for(sheet, makers.SALT, measured)).decode(),
        "signature": makers.SIGNATURE.hex(),
        "files": [{"name": name, "data": data.hex()} for name, data in makers.FILES.items()],
        "package": package.hex(),
    }


def header_vectors() -> dict[str, object]:
    """Headers in base64; `size` is that of the whole file."""
    bid = test_receiving.BID
    taken = [test_receiving.WHOLE, test_receiving.header(test_receiving.OPENING)]
    refused = [(name, *one) for name, one in test_receiving.REFUSED.items()]
    return {
        "sheet": encode(bid.sheet).hex(),
        "submission": bid.submission,
        "taken": [
            {"header": base64.b64encode(data).decode(), "size": len(data) + test_receiving.SIZE} for data in taken
        ],
        "refused": [
            {
                "name": name,
                "header": base64.b64encode(data[:9000]).decode(),
                "size": len(data) + test_receiving.SIZE,
                "code": f"bidding.{code}",
            }
            for name, data, code in refused
        ],
    }


def crafted_vectors() -> dict[str, object]:
    """Leaves and shares that do not belong where they stand, each with the code of its refusal."""
    honest, other_lot, withdrawn = (anchor_opening(sheet, salt) for sheet, salt in ((32, 16), (64, 16), (32, 48)))
    parts, pieces = honest.parts, anchor_shares(honest)
    uncommitted = parts[0][: stanza.WRAPPED] + parts[1][stanza.WRAPPED :]
    leaves = {
        "a leaf of another lot": (replace(honest, share=other_lot.share, parts=other_lot.parts), "leaf_closed"),
        "a leaf of a withdrawn file": (replace(honest, share=withdrawn.share, parts=withdrawn.parts), "leaf_closed"),
        "a leaf of another lot under the own share": (replace(honest, parts=other_lot.parts), "leaf_closed"),
        "the leaf of another custodian": (replace(honest, parts=(parts[1], parts[0], parts[2])), "leaf_closed"),
        "a share that is not committed": (replace(honest, parts=(uncommitted, *parts[1:])), "share_mismatch"),
        "a share E of low order": (replace(honest, share=bytes(32)), "low_order"),
        "a share E not below p": (replace(honest, share=b"\xff" * 31 + b"\x7f"), "point"),
    }
    shares = {
        "of another envelope": anchor_shares(withdrawn)[0],
        "of another leaf": pieces[1],
        "cut": pieces[0][:15],
        "none": b"",
    }
    return {
        "private": leaf_private("a").hex(),
        "leaves": [
            {
                "name": name,
                "header": make_header(bytes(16), (one.stanza(),)).write().decode(),
                "code": f"bidding.{code}",
            }
            for name, (one, code) in leaves.items()
        ],
        "header": header_text(honest),
        "share": pieces[0].hex(),
        "shares": [
            {"name": name, "share": share.hex(), "code": "bidding.share_mismatch"} for name, share in shares.items()
        ],
    }


def header_text(opening: stanza.Opening) -> str:
    """A header of this stanza alone; its MAC is not looked at."""
    return make_header(bytes(16), (opening.stanza(),)).write().decode("ascii")


def anchor_opening(sheet: int, salt: int) -> stanza.Opening:
    """The opening of the first anchor, with sheet digest and salt that begin with these bytes."""
    policy = parse_policy(ANCHORS[0])
    keys = [public_key(leaf_private(label)) for label in policy.labels]
    return stanza.build(bytes(range(16)), bytes(range(salt, salt + 16)), bytes(range(sheet, sheet + 32)), policy, keys)


def anchor_shares(opening: stanza.Opening) -> list[bytes]:
    """What its custodians get."""
    return [stanza.unwrap(opening, leaf.index, leaf_private(leaf.label)) for leaf in opening.policy.leaves]


ALL = {
    "opening": opening_vectors,
    "crafted": crafted_vectors,
    "policy": policy_vectors,
    "padding": padding_vectors,
    "sheet": sheet_vectors,
    "manifest": manifest_vectors,
    "package": package_vectors,
    "header": header_vectors,
}


def text_of(value: object) -> str:
    """As the files are written."""
    return json.dumps(value, indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    for name, compute in ALL.items():
        (VECTORS / f"{name}.json").write_text(text_of(compute()))
