"""F1: the list of problems of small workshops and of firms that have stopped, one row a case."""

from app.cases.schemas import CATEGORIES
from app.reports.cases import SHUT_DOWN, SMALL_CATEGORIES, FormCase, Period
from app.reports.forms.wording import SIGNED, count, money, rules
from app.reports.table import Cell, Head, Table

TITLE = "违法违规“小字头”及“停产停业”企业排查问题清单"
TICKED = {SHUT_DOWN: "停产停业企业", **{code: CATEGORIES[code] for code in SMALL_CATEGORIES}}
HEADS = (
    Head("序号", "number", 5),
    Head("问题编号", width=14),
    Head("地区", width=13),
    Head("问题单位名称", width=20),
    Head("问题类别", below=tuple(Head(text, "tick", 5.5) for text in TICKED.values())),
    Head("详细地址", width=20),
    Head("负责人", width=9),
    Head("违法违规问题具体描述", width=32),
    Head("违法违规问题整治处理", below=(Head("停产或关闭", "tick", 7.5), Head("两断三清", "tick", 7.5))),
    Head(
        "行政刑事处罚",
        below=(
            Head("立案查处", "tick", 6),
            Head("行政处罚(万元)", "money", 8),
            Head("没收违法所得(万元)", "money", 9.5),
            Head("移送司法机关人数", "number", 8),
        ),
    ),
    Head("党纪政纪处理人数", "number", 8),
    Head("现场整治完成情况", width=19),
)


def table(cases: list[FormCase], period: Period) -> Table:
    """The list of those of the cases that are no chemical ones, as they come."""
    own = [case for case in cases if not case.is_chemical]
    notes = rules(own, period, "家")
    notes.append("“两断三清”栏：断水、断电、清设备、清厂房场地、清原材料产品及危险废物五项都有记录的打“√”。")
    return Table("F1", TITLE, HEADS, [_row(at, case) for at, case in enumerate(own, 1)], None, notes, SIGNED, "A3")


def _row(at: int, case: FormCase) -> list[Cell]:
    return [
        at,
        case.number,
        case.region,
        case.party_name,
        *(True if case.category == code else None for code in TICKED),
        case.address,
        case.responsible_name,
        case.description,
        case.is_shut or None,
        case.is_cleared or None,
        case.is_filed or None,
        money(case.fine_wan),
        money(case.confiscated_wan),
        count(case.transferred_persons),
        count(case.disciplined_persons),
        progress(case),
    ]


def progress(case: FormCase) -> str:
    """How far the work on the ground is, with what is missing of 两断三清."""
    since = "" if case.state_on is None else f"（{case.state_on}）"
    if case.state == "struck_off":
        return f"已销号{since}"
    if case.state == "closed":
        return f"已完成{since}" + ("" if case.is_cleared else f"，但“两断三清”缺：{case.missing_items}")
    if case.state == "rectifying" or case.items_done:
        return "整治中" + (f"，未完成：{case.missing_items}" if case.missing_items else "，五项已完成，待确认")
    return "未开始整治"
