"""F3: the ledger of unlawful small chemical works, one row an offender."""

from app.cases.schemas import STAGES, WAYS
from app.reports.cases import FormCase, Period
from app.reports.forms.wording import rules
from app.reports.table import Cell, Head, Table

TITLE = "非法违法“小化工”清单台账"
HEADS = (
    Head("序号", "number", 5),
    Head("非法违法企业(单位或个人)名称", width=20),
    Head("所在乡镇", width=11),
    Head("地址", width=20),
    Head("主要负责人(实际控制人)", width=11),
    Head("非法违法环节(生产、储存、使用)", width=12),
    Head("具体非法违法行为", width=28),
    Head("涉及化工(危险化学品)品种、数量", width=20),
    Head("采取的措施", width=24),
)
SIGNED = ("填报人（签名）", "分管负责人（签名）", "联系电话")


def table(cases: list[FormCase], period: Period) -> Table:
    """The ledger of those of the cases that are chemical ones, as they come."""
    own = [case for case in cases if case.is_chemical]
    rows = [_row(at, case) for at, case in enumerate(own, 1)]
    return Table("F3", TITLE, HEADS, rows, None, rules(own, period, "家"), SIGNED, "A4")


def _row(at: int, case: FormCase) -> list[Cell]:
    return [
        at,
        case.party_name,
        case.town,
        case.address,
        case.responsible_name,
        "、".join(STAGES[stage] for stage in STAGES if stage in case.stages) or None,
        case.description,
        case.chemicals or None,
        "；".join(part for part in (case.measures, WAYS.get(case.way_to_close or "")) if part) or None,
    ]
