"""What the system knows of the items of a form: said beside them, for whoever checks to confirm or to contradict."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.baselines import service as baselines
from app.cases import service as cases
from app.cases.schemas import CATEGORIES, ITEMS, STATES
from app.scope import Scope
from app.settings import Settings
from app.supervision.queries import facts as queries

_MOST_LISTS = 500
LEVELS = {"village": "村（社区）", "town": "乡镇（街道）", "county": "县（市、区）"}
_PENDING = {"closed", "struck_off"}
OCCUPANCIES = {"shut_down": "停产停业", "zombie": "僵尸企业", "multi_tenant": "厂中厂"}
SHUT_DOWN_KINDS = {"banned": "取缔", "closed": "关闭", "withdrawn": "退出"}


class Known(NamedTuple):
    """What is known: in words, the answer it would give (None: it does not say), and the page it stands on."""

    text: str
    answer: str | None = None
    page: str | None = None


class Knowledge(NamedTuple):
    """The known of a form's items by number, what stands above its lines, and the page of the whole."""

    items: dict[int, Known]
    above: list[str]
    page: str | None = None


def of_unit(session: Session, settings: Settings, actor: Actor, name: str, code: str, path: str) -> Knowledge:
    """The figures of F5 for a unit, as of today."""
    on = settings.today()
    within = replace(actor, scope=Scope((path,)))
    items = {
        9: _lists(session, settings, within, "market_register", "市场监督管理部门"),
        10: _lists(session, settings, within, "power_users", "电力部门"),
        12: _finished(session, within.scope, path, on),
        13: _letters(queries.letters(session, path, on)),
        14: _files(queries.files(session, path)),
        18: _signed(queries.signed(session, path, on)),
    }
    return Knowledge(
        {
            number: known._replace(page=f"{known.page}?unit={code}" if known.page else None)
            for number, known in items.items()
        },
        [name],
    )


def of_case(session: Session, form: str, case_id: UUID, on: date) -> Knowledge:
    """What is on file of a case, for F6 or F7; nothing for one that is gone."""
    row = queries.case(session, case_id, on)
    if row is None:
        return Knowledge({}, ["", "", ""])
    said = _case_items(row)
    wanted = _F6 if form == "F6" else _F7
    items = {number: said[key] for number, key in wanted.items()}
    kind = CATEGORIES[row.category]
    above = (
        [row.party_name, row.number, row.address]
        if form == "F6"
        else [f"{row.party_name}（{row.number}）", row.address, kind]
    )
    return Knowledge(items, above, f"/cases?id={case_id}")


def of_site(session: Session, site_id: UUID, on: date, zone: Any) -> Knowledge:
    """What is on file of a site, for F7; nothing for one that is gone."""
    row = queries.site(session, site_id, on)
    if row is None:
        return Knowledge({}, ["", "", ""])
    shut = row.occupancy in ("shut_down", "zombie")
    seen = "从未走访" if row.last_visit_at is None else f"最近走访 {row.last_visit_at.astimezone(zone):%Y-%m-%d}"
    kinds = [OCCUPANCIES.get(row.occupancy, ""), "粉尘涉爆" if row.dust_kind else ""]
    text = (
        f"登记为{'停产停业' if shut else '在用或闲置'}场所，{seen}，在册租户 {row.tenancies} 家，案件 {row.cases} 件。"
    )
    items = {1: Known(text, "yes" if shut else None)}
    if row.shut_down_kind:
        kinds.append(SHUT_DOWN_KINDS[row.shut_down_kind])
    kind = "、".join(filter(None, kinds)) or "其他企业"
    return Knowledge(items, [f"{row.name}（{row.code}）", row.address or "", kind], f"/sites?site={site_id}")


def _lists(session: Session, settings: Settings, within: Actor, kind: str, who: str) -> Known:
    found = [
        one.figures
        for one in baselines.page(session, settings, within, kind, False, _MOST_LISTS, 0).items
        if one.figures.rows
    ]
    rows, checked = sum(one.rows for one in found), sum(one.checked for one in found)
    if not rows:
        return Known(f"没有{who}提供的底单。", None, "/baselines")
    return Known(
        f"{who}提供底单 {len(found)} 份、共 {rows} 行，已核查 {checked} 行，排查覆盖率 {100 * checked // rows}%。",
        None,
        "/baselines",
    )


def _finished(session: Session, scope: Scope, path: str, on: date) -> Known:
    listed = cases.cases_for_forms(session, scope, path, None, on)
    if not listed:
        return Known("问题清单上没有问题。", None, "/cases")
    finished = [case for case in listed if case.is_finished]
    whole = sum(case.is_complete for case in finished)
    return Known(
        f"问题 {len(listed)} 件，完成整治 {len(finished)} 件，整治完成率 {100 * len(finished) // len(listed)}%；"
        f"完成的有 {whole} 件“两断三清”五项凭证齐全，{len(finished) - whole} 件不齐全。",
        None,
        "/cases",
    )


def _letters(row: Row[Any]) -> Known:
    if not row.all_of:
        return Known("没有信访举报件。", "not_applicable", "/leads")
    rate = 100 * row.answered // row.all_of
    text = f"信访举报 {row.all_of} 件，已核查答复 {row.answered} 件（{rate}%），逾期未办 {row.overdue} 件。"
    return Known(text, "yes" if row.answered == row.all_of else "no", "/leads")


def _files(row: Row[Any]) -> Known:
    if not row.all_of:
        return Known("没有案件。", "not_applicable", "/cases")
    text = f"案件 {row.all_of} 件均已建档，其中 {row.with_originals} 件有附件原件。"
    return Known(text, "yes" if row.with_originals == row.all_of else "partly", "/cases")


def _signed(levels: dict[str, queries.Signed]) -> Known:
    own = [(name, levels[level]) for level, name in LEVELS.items() if level in levels]
    text = "；".join(f"{name} {one.all_of} 个，近 31 天内有有效签字的 {one.signed} 个" for name, one in own)
    all_of, signed = sum(one.all_of for _, one in own), sum(one.signed for _, one in own)
    answer = "yes" if signed == all_of else "partly" if signed else "no"
    return Known(f"{text}。" if text else "没有需要签字的单位。", answer if all_of else None, "/determination")


def _case_items(row: Row[Any]) -> dict[str, Known]:
    state = STATES[row.state] + (f"（{row.closed_on}）" if row.closed_on else f"，整治期限 {row.deadline}")
    reported = row.lead_source in ("hotline", "letter")
    source = {"hotline": "12350 热线", "letter": "信访来信"}.get(row.lead_source or "", "")
    fined = f"罚款 {_money(row.fine_wan)} 万元" if row.fine_wan else ""
    return {
        "reported": _yes(reported, f"来源为{source} {row.lead_number or ''}".strip(), "不是信访举报件"),
        "shut": _yes(row.way_to_close == "ban" or row.is_shut, f"{state}，已关停或取缔", f"{state}，未记录关停"),
        "cut": _items(row.items_done, "water", "power"),
        "equipment": _items(row.items_done, "equipment"),
        "premises": _items(row.items_done, "premises"),
        "materials": _items(row.items_done, "materials"),
        "handler": _handler(row, state),
        "filed": _yes(row.filed_on is not None, f"{row.filed_on} 立案", "未记录立案"),
        "fined": _yes(bool(row.fine_wan), fined, "未记录行政处罚"),
        "confiscated": _yes(
            bool(row.confiscated_wan), f"没收违法所得 {_money(row.confiscated_wan)} 万元", "未记录没收"
        ),
        "transferred": _yes(bool(row.transferred_persons), f"移送 {row.transferred_persons} 人", "未记录移送"),
        "punished": Known(
            f"立案{'是' if row.filed_on else '否'}，没收违法所得 {_money(row.confiscated_wan)} 万元，"
            f"移送 {row.transferred_persons} 人"
        ),
        "landlord": Known(f"关联出租方 {row.landlords} 个，其中已立案 {row.landlords_filed} 个"),
        "disciplined": _yes(
            bool(row.disciplined_persons), f"党纪政纪处理 {row.disciplined_persons} 人", "未记录党纪政纪处理"
        ),
    }


def _yes(is_so: bool, text: str, otherwise: str) -> Known:
    return Known(text, "yes") if is_so else Known(otherwise, "no")


def _money(wan: Decimal) -> str:
    return f"{wan.normalize():f}"


def _handler(row: Row[Any], state: str) -> Known:
    if row.state in _PENDING:
        return Known(f"{state}，无未完成的整治", "not_applicable")
    return _yes(row.handler_name is not None, f"跟踪督办人：{row.handler_name}", "未指定跟踪督办人")


def _items(done: list[str], *items: str) -> Known:
    have: Callable[[str], bool] = done.__contains__
    text = "，".join(f"{ITEMS[item]}：{'有凭证' if have(item) else '无凭证'}" for item in items)
    number = sum(map(have, items))
    return Known(text, "yes" if number == len(items) else "partly" if number else "no")


_F6 = {
    1: "reported", 2: "shut", 3: "cut", 4: "equipment", 5: "premises", 6: "materials", 8: "handler", 9: "filed",
    10: "fined", 11: "punished", 12: "landlord", 13: "disciplined",
}  # fmt: skip
_F7 = {
    1: "shut", 2: "cut", 3: "equipment", 4: "premises", 5: "materials", 7: "handler", 8: "filed", 9: "fined",
    10: "confiscated", 11: "transferred",
}  # fmt: skip
