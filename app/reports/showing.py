"""A filled form as the page and the workbook show it."""

from app.reports.cases import Area, Period
from app.reports.filling import Filled
from app.reports.schemas import ColumnOut, FormOut, HeadOut, UnitName
from app.reports.table import Table, columns, depth, head_cells
from app.reports.workbook import Above
from app.settings import Settings


def above(settings: Settings, unit: Area, period: Period) -> Above:
    """What stands between title and table, filled in today."""
    days = f"统计时段：{period.first_day} 至 {period.last_day}"
    return Above(f"填报单位（盖章）：{unit.name}", days, f"填报日期：{settings.today()}")


def form_out(settings: Settings, filled: Filled) -> FormOut:
    """A form that was filled in just now."""
    told = above(settings, filled.unit, filled.period)
    return table_out(filled.table, filled.unit, filled.period, told, filled.levels_checked)


def table_out(table: Table, unit: Area, period: Period, told: Above, levels_checked: int | None = None) -> FormOut:
    """A table with where it belongs."""
    rows: list[list[HeadOut]] = [[] for _ in range(depth(table.heads))]
    for cell in head_cells(table.heads):
        rows[cell.row].append(HeadOut(text=cell.text, rows=cell.rows, columns=cell.columns))
    return FormOut(
        form=table.form,  # type: ignore[arg-type]
        title=table.title,
        unit=unit_name(unit),
        first_day=period.first_day,
        last_day=period.last_day,
        above=list(told),
        heads=rows,
        columns=[ColumnOut(text=leaf.text, kind=leaf.kind, width=leaf.width) for leaf in columns(table.heads)],
        rows=table.rows,
        total=table.total,
        notes=table.notes,
        signatures=list(table.signatures),
        levels_checked=levels_checked,
    )


def unit_name(area: Area) -> UnitName:
    """A unit by name."""
    return UnitName(code=area.code, name=area.name, level=area.level)
