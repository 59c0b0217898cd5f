"""How what was drawn is told: why, and how far it is."""

from typing import Any

from sqlalchemy import Row

from app.supervision.forms import FORMS
from app.supervision.rules import STRATA
from app.supervision.schemas import ItemRow

LEVEL_NAMES = {
    "province": "省",
    "city": "设区市",
    "county": "县（市、区）",
    "town": "乡镇（街道）",
    "village": "村（社区）",
}
STATES = {"open": "待督导", "draft": "已填未定稿", "final": "已定稿"}


def why_text(why: dict[str, Any]) -> str:
    """How something came to be drawn."""
    if why.get("all"):
        if why["want"] is None:
            return f"按规则全部督导（共 {why['of']} 项）"
        return f"应抽 {why['want']} 项，仅有 {why['of']} 项，全部督导"
    weight = why["weight"] / 100
    reason = "（所在地区检查少或发现问题少）" if why["weight"] > 100 else ""
    return f"{why['of']} 项中抽 {why['want']} 项，随机数 {why['uniform']}、权重 {weight:g}{reason}，排第 {why['rank']}"


def item_row(row: Row[Any]) -> ItemRow:
    """Something drawn, as it is listed."""
    state = "final" if row.is_final else "open" if row.version is None else "draft"
    known = {
        **row._asdict(),
        "form_title": FORMS[row.form].title,
        "stratum_text": STRATA[row.stratum],
        "why_text": why_text(row.why),
        "version": row.version or 0,
        "state": state,
        "state_text": STATES[state],
        "found_omission": row.found_omission if row.is_final else None,
    }
    return ItemRow.model_validate(known)
