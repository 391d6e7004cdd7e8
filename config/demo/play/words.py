"""Pure. The kinds of entries in words, for the story: Chinese, and English beside it.

Enters: an entry's tag. Leaves: both words; the tag itself for a kind that has none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "bidding:envelope:decided": ("投标文件解密结果", "envelope decided"),
        "bidding:hall:opened": ("开标大厅开启", "hall opened"),
        "bidding:key:registered": ("保管人公钥登记", "custodian's key registered"),
        "bidding:lot:closed": ("截标，清点", "bids counted at the closing"),
        "bidding:lot:failed": ("不足三家，流标", "failed for want of bidders"),
        "bidding:lot:opened": ("开标结束", "opening over"),
        "bidding:policy:chosen": ("选定开标规则", "policy of the opening chosen"),
        "bidding:prices:read": ("集中唱标", "prices read together"),
        "bidding:record:confirmed": ("投标人确认开标记录", "bidder confirms the record"),
        "bidding:record:signed": ("开标记录签字", "opening record signed"),
        "bidding:objection:raised": ("开标现场异议", "objection at the opening"),
        "bidding:objection:answered": ("开标异议答复", "objection answered"),
        "bidding:rehearsal:given": ("交出演练分片", "share of the rehearsal given"),
        "bidding:rehearsal:opened": ("开标演练成功", "rehearsal opened"),
        "bidding:rehearsal:sealed": ("演练文件封存", "dummy bid sealed"),
        "bidding:share:released": ("保管人交出分片", "custodian's shares released"),
        "bidding:sheet:sealed": ("保管单生效", "custody sheet in force"),
        "bidding:sheet:signed": ("保管人签保管单", "custody sheet signed"),
        "config:clock:moved": ("演示时钟前拨", "demo clock moved"),
        "config:role:switched": ("演示切换角色", "role switched"),
        "evaluation:admission:counted": ("资格与响应性表决", "admission counted"),
        "evaluation:leader:elected": ("推选评标组长", "leader elected"),
        "evaluation:leader:voted": ("推选组长投票", "vote for a leader"),
        "evaluation:lot:evaluated": ("评标完成", "evaluation over"),
        "evaluation:lot:failed": ("否决后流标", "failed in evaluation"),
        "evaluation:report:made": ("评标报告生成", "report drawn up"),
        "evaluation:report:signed": ("评委签署报告", "report signed"),
        "evaluation:room:opened": ("评标室开启", "evaluation room opened"),
        "evaluation:scores:counted": ("汇总评分", "scores counted"),
        "evaluation:seat:entered": ("评委入场承诺", "member enters and declares"),
        "evaluation:sheet:signed": ("评分表签字", "sheet signed"),
        "evaluation:sheets:returned": ("评分表退回", "sheets returned"),
        "evaluation:tie:decided": ("并列裁定", "tie decided"),
        "experts:draw:drawn": ("专家抽取结果", "experts drawn"),
        "experts:draw:requested": ("申请抽取专家", "draw requested"),
        "experts:draw:voided": ("抽取作废", "draw void"),
        "experts:expert:registered": ("专家入库", "expert registered"),
        "experts:invitation:answered": ("专家答复", "invitation answered"),
        "experts:invitation:lapsed": ("邀请逾期", "invitation lapsed"),
        "experts:invitation:made": ("通知专家", "expert invited"),
        "experts:panel:completed": ("评标委员会组成", "panel complete"),
        "experts:pool:frozen": ("抽取名单冻结", "pool frozen"),
        "experts:seed:committed": ("随机种子承诺", "seed committed"),
        "experts:seed:revealed": ("随机种子公布", "seed revealed"),
        "guarantees:guarantee:recognised": ("担保确认", "guarantee recognised"),
        "guarantees:guarantee:released": ("担保解除或退还", "guarantee released"),
        "ledger:field:disclosed": ("字段公开", "field disclosed"),
        "ledger:veiled:added": ("密封条目", "veiled entry"),
        "ledger:veiled:lifted": ("密封条目揭开", "veil lifted"),
        "supervision:alarm:raised": ("监督预警", "alarm raised"),
        "supervision:bundle:exported": ("导出证据包", "bundle exported"),
        "supervision:trail:counted": ("监督留痕", "trail counted"),
        "trading:account:opened": ("开户", "account opened"),
        "trading:addendum:issued": ("补遗", "addendum"),
        "trading:award:noticed": ("中标通知书", "award noticed"),
        "trading:candidates:published": ("中标候选人公示", "candidates published"),
        "trading:certificate:issued": ("签发证书", "certificate issued"),
        "trading:contract:drawn": ("起草合同", "contract drawn up"),
        "trading:contract:endorsed": ("合同一方签字", "contract endorsed"),
        "trading:contract:signed": ("合同签订", "contract signed"),
        "trading:lot:closing": ("投标截止", "deadline reached"),
        "trading:lot:drafted": ("起草标段", "lot drafted"),
        "trading:lot:noticed": ("标段公告", "lot noticed"),
        "trading:lot:overdue": ("逾期提醒", "reminder"),
        "trading:notice:published": ("招标公告", "notice published"),
        "trading:objection:answered": ("异议答复", "objection answered"),
        "trading:objection:made": ("提出异议", "objection made"),
        "trading:paper:added": ("上传招标文件", "paper added"),
        "trading:party:registered": ("主体登记", "organisation registered"),
        "trading:publicity:ended": ("公示期满", "publicity over"),
        "trading:question:answered": ("答疑", "question answered"),
        "trading:tender:drafted": ("起草招标项目", "tender drafted"),
    }
)


def words_of(tag: str) -> tuple[str, str]:
    """(Chinese, English) for a tag."""
    return WORDS.get(tag, (tag, ""))
