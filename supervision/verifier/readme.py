"""Pure. The page that lies in every bundle, for whoever finds one: what it is, what each member is, how to check it.

Enters: nothing. Leaves: the same bytes in every bundle of this format, so that nobody can slip a word into it; what
differs from tender to tender stands in `bundle.json`.
"""

from __future__ import annotations

README = """\
# 阳光交易证据包 Sunlight evidence bundle

格式 Format: sunlight.bundle/2

本压缩包是一个招标项目在某一时点的全部证据。哪个项目、哪个时点、公开版还是监管版，见 bundle.json。
This archive is the whole evidence of one tender at one moment. Which tender, which moment, public or the regulator's:
bundle.json says it.

时点 Moments (`moment`): deadline 截标；opening 开标；award 中标；archive 归档；latest 按需生成的最新状态。
种类 Kinds (`kind`): public 公开版；regulator 监管版，另含已开启标段的密封文件与分片 with sealed files and shares.

## 各部分 What lies in it

- README.md: 本说明，所有证据包内容相同。This page, the same in every bundle.
- bundle.json: 格式、项目、标段、种类、时点；每个文件由哪类条目指明。
  Format, tender, lots, kind, moment; and for every member, the kind of entry that names it.
- checkpoint: 日志签名的树头（C2SP tlog-checkpoint, Ed25519）。The state of the log that the log's key signed.
- entries.json: 本项目在日志中的全部条目及其包含证明（RFC 6962）。
  Every entry of the log about this tender, with its inclusion path.
- objects/: 条目以 SHA-256 指明的文件：公告、招标文件、开标记录、评分表、报告、合同、签名。文件名即其 SHA-256。
  What the entries name by SHA-256: notices, papers, opening records, sheets, reports, contracts, signatures.
- private/: 仅监管版：开标分片、抽取盐值。The regulator's alone: shares given at the opening, salts of draws.
- witnesses.json: 见证人对此树头（或其后树头）的联署。Cosignatures of witnesses over this state or a later one.
- timestamps.json: 对此树头（或其后树头）的时间戳（RFC 3161）。An RFC 3161 timestamp over this state or a later one.

## 如何核验 How to check it

须自行留存日志密钥 log.key 与证书根 roots.pem（见证策略、时间戳根亦同），绝不从证据包中读取；可离线运行，无需本网站。
Keep your own copy of the log's key and the certificate roots (and of a witness policy and of timestamp roots, if you
use them); never take them from a bundle. It runs without network and without this site, from the published source:

    pip install ".[verifier]"
    python -m supervision.verifier BUNDLE.zip --log-key log.key --roots roots.pem

也可把证据包拖入网站的“核验”页面，由另一套独立程序在浏览器中核验。
Or drop the bundle into the page /verify of any such site: a second program, written apart, checks it in the browser.

手工核对 By hand: 文件的 SHA-256 即其文件名；openssl cms -verify 可核对签名；openssl ts -verify 可核对时间戳。
The SHA-256 of an object is its name; `openssl cms -verify` reads the signatures, `openssl ts -verify` the timestamp.

格式与核验项目的完整说明 The form and the numbered checks in full: docs/bundle.md, docs/verifying.md.
""".encode()
