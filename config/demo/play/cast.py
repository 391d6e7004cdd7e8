"""Pure. Who is in the built-in play: one city, its bodies, eight builders, eighteen experts. All of them are invented.

Enters: nothing. Leaves: `CAST`.
"""

from __future__ import annotations

from config.demo.play.credit_code import credit_code
from config.demo.play.stage import Body, Cast, Person, Specialist

REGION = "临澜市"
PURCHASER = Body(credit_code(26010001), "临澜市滨海新区建设投资有限公司", "Linlan Harbour District Investment")
AGENT = Body(credit_code(26010002), "信衡工程咨询有限公司", "Xinheng Tender Agency")
CENTRE = Body(credit_code(26010003, "12"), "临澜市公共资源交易中心", "Linlan Public Resources Trading Centre")
REGULATOR = Body(credit_code(26010004, "11"), "临澜市住房和城乡建设局", "Linlan Housing and Construction Bureau")
GUARANTOR = Body(credit_code(26010005), "临澜银行股份有限公司", "Bank of Linlan")

BUILDERS = (
    ("东屿建设集团有限公司", "Dongyu Construction", "陈志远"),
    ("南渡路桥工程有限公司", "Nandu Road and Bridge", "林晓峰"),
    ("恒川市政工程有限公司", "Hengchuan Municipal Works", "黄丽娟"),
    ("海岳建工集团有限公司", "Haiyue Building Group", "王建国"),
    ("安澜水利建设有限公司", "Anlan Hydraulic Works", "符永强"),
    ("启明基础工程有限公司", "Qiming Foundations", "吴海燕"),
    ("和丰建筑工程有限公司", "Hefeng Builders", "周文斌"),
    ("青岚园林建设有限公司", "Qinglan Landscaping", "郑少华"),
)
EXPERTS = (
    ("李国栋", "A08"), ("王雪梅", "A08"), ("张立新", "A08"), ("刘海波", "A08"), ("陈秀英", "A08"), ("杨志强", "A08"),
    ("赵明辉", "A08"), ("黄少芬", "A08"), ("周天宇", "A08"), ("吴桂兰", "A08"), ("胡晓东", "C01"), ("朱慧敏", "C01"),
    ("高建平", "C01"), ("林玉珍", "C01"), ("何俊杰", "C01"), ("郭永红", "C01"), ("徐文静", "A08"), ("罗素云", "C01"),
)  # fmt: skip
TIED = {17: 26020004, 18: 26020002}  # these two work for bidders: the draw must avoid them


def _builder(number: int, name: str, english: str, person: str) -> Person:
    return Person(f"bidder-{number}", "bidder", person, Body(credit_code(26020000 + number), name, english))


def _expert(number: int, name: str, speciality: str) -> Specialist:
    """Most work for firms that have nothing to do with the tender."""
    person = Person(f"expert-{number:02d}", "expert", name)
    return Specialist(person, (speciality,), credit_code(TIED.get(number, 26030000 + number)), REGION)


CAST = Cast(
    operator=Person("operator", "operator", "系统运营"),
    purchaser=Person("purchaser", "purchaser", "许静", PURCHASER),
    agent=Person("agent", "agent", "冯伟", AGENT),
    centre=Person("centre", "centre", "邓丽", CENTRE),
    regulator=Person("regulator", "regulator", "曾强", REGULATOR),
    guarantor=Person("guarantor", "guarantor", "梁敏", GUARANTOR),
    bidders=tuple(_builder(number, *facts) for number, facts in enumerate(BUILDERS, 1)),
    experts=tuple(_expert(number, *facts) for number, facts in enumerate(EXPERTS, 1)),
)
