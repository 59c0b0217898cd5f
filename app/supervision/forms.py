"""The forms of supervision: F5 of the paperwork, F6 of a small chemical site, F7 of the others. Texts of the notice.

How an item is answered: "yes_no" by one of `ANSWERS` with words where they are needed, "number" by a whole number,
"words" by words alone. `known`: the system says what it knows of it (`app.supervision.knowing`).
"""

from typing import Literal, NamedTuple

FormCode = Literal["F5", "F6", "F7"]
Answering = Literal["yes_no", "number", "words"]
ANSWERS: dict[str, str] = {"yes": "是", "no": "否", "partly": "部分", "not_applicable": "不涉及"}


class Item(NamedTuple):
    """One line of a form."""

    number: int
    text: str
    answering: Answering = "yes_no"
    known: bool = False


class Form(NamedTuple):
    """A form; `above`: what stands over its lines."""

    code: FormCode
    title: str
    above: tuple[str, ...]
    items: tuple[Item, ...]


_CLEARED = "是否已彻底清理"
_F5 = (
    Item(1, "是否建立联席会议制度"),
    Item(2, "是否明确联席会议成员单位职责"),
    Item(3, "联席会议办公室专班人员是否集中办公、履行职责"),
    Item(4, "是否及时召开专题会议推进、落实领导批示要求"),
    Item(5, "是否制定专项工作方案，广泛宣传发动"),
    Item(6, "悬挂宣传标语数", "number"),
    Item(7, "印发宣传海报数", "number"),
    Item(8, "印发工作简报数", "number"),
    Item(9, "市场监督管理部门提供的排查底单数和排查覆盖率", "words", True),
    Item(10, "电力部门提供的排查底单数和排查覆盖率", "words", True),
    Item(11, "对“小化工”、“小字头”以及存在问题的“停产停业”企业是否建立清单台账"),
    Item(
        12,
        "问题清单整治完成率，完成整治的问题处置是否实现“两断三清”闭环，相关资料收集是否齐全、完善、归档",
        "words",
        True,
    ),
    Item(13, "信访举报件是否100%核实、核查、处置", "yes_no", True),
    Item(14, "“小化工”、“小字头”以及存在问题的“停产停业”企业是否建立“一案一档”", "yes_no", True),
    Item(15, "未完成现场整治的问题是否落实专人跟踪督办"),
    Item(16, "市、县（市、区）是否组织督查组深入乡镇（街道）、村（社区）检查督导"),
    Item(
        17,
        "是否严格落实“对非化工企业超经营范围从事化工生产的企业法人代表，对无证无照或证照不齐涉及化工生产的小企业、小作坊和黑窝点负责人，要依法从严查处，没收违法所得；"
        "构成犯罪的，要及时移送司法机关处理。对出租厂房、民房等场地给‘小化工’的企业或个人，也要依法依规承担相关法律责任”的要求",
    ),
    Item(
        18,
        "村（社区）、乡镇（街道）、县（市、区）上报的排查整治问题清单是否经各级主要负责人层层签字确认",
        "yes_no",
        True,
    ),
    Item(19, "从“小化工”拓展延伸到各类“小字头”的违法违规小企业小作坊黑窝点排查、整治情况", "words"),
    Item(20, "各地对取缔关闭或停产停业企业排查、整治情况", "words"),
)
_F6 = (
    Item(1, "是否为信访举报问题", known=True),
    Item(2, "是否已关闭取缔", known=True),
    Item(3, "是否已断水断电", known=True),
    Item(4, "是否已彻底拆除生产、储存设备设施", known=True),
    Item(5, f"{_CLEARED}厂房、场地", known=True),
    Item(6, f"{_CLEARED}原材料、产品及危险废物", known=True),
    Item(7, "未完成现场整治原因", "words"),
    Item(8, "未完成现场整治问题是否落实专人跟踪督办", known=True),
    Item(9, "是否立案查处", known=True),
    Item(10, "是否进行行政处罚", known=True),
    Item(
        11,
        "对非化工企业超经营范围从事化工生产的企业法人代表，"
        "对无证无照或证照不齐涉及化工生产的小企业、小作坊和黑窝点负责人，是否依法从严查处，没收违法所得；构成犯罪的，是否及时移送司法机关处理",
        known=True,
    ),
    Item(12, "对出租厂房、民房等场地给“小化工”的企业或个人，是否依法依规追究相关法律责任", known=True),
    Item(
        13,
        "对因官僚主义、形式主义造成底数不清、整治不力、取缔不坚决的，是否依法依规依纪追究有关地区、部门及相关人员责任",
        known=True,
    ),
)
_F7 = (
    Item(1, "是否已关闭停产", known=True),
    Item(2, "是否已断水断电", known=True),
    Item(3, "是否已彻底拆除生产、储存设备设施", known=True),
    Item(4, f"{_CLEARED}厂房、场地", known=True),
    Item(5, f"{_CLEARED}原材料、产品及危险废物", known=True),
    Item(6, "未完成现场整治原因", "words"),
    Item(7, "未完成现场整治问题是否落实专人跟踪督办", known=True),
    Item(8, "是否立案查处", known=True),
    Item(9, "是否进行行政处罚", known=True),
    Item(10, "是否没收违法所得", known=True),
    Item(11, "是否移送司法机关处理", known=True),
)
FORMS: dict[str, Form] = {
    "F5": Form("F5", "基础资料、管理台帐督导表", ("被督导单位",), _F5),
    "F6": Form("F6", "违法违规“小化工”现场督导检查表", ("名称", "问题编号", "详细地址"), _F6),
    "F7": Form("F7", "各类“小字头”及“停产停业”企业现场督导表", ("名称", "详细地址", "类型"), _F7),
}
# Where the reason for work not done may be left out: nothing is open.
MAY_BE_EMPTY = {"F5": frozenset[int](), "F6": frozenset({7}), "F7": frozenset({6})}
