"""Reading the audit: filtered, limited to the people of one's own scope, and as a table for a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.queries import audit as queries
from app.accounts.queries import people as people_queries
from app.accounts.schemas.audit import AuditPage, Entry
from app.actor import Actor
from app.errors import TooLargeError
from app.rights import ROLE_NAMES, Right, Role
from app.settings import Settings

WHATS = {
    "sign_in": "登录",
    "sign_in_failed": "登录失败",
    "sign_in_refused": "登录被暂时拒绝",
    "retention": "到期清除原始定位点",
    Right.OWN.value: "本人账号操作",
    Right.READ_COVERAGE.value: "查看覆盖（含人员）",
    Right.READ_TRACKS.value: "查看人员轨迹",
    Right.SEND_RECORDS.value: "上传记录",
    Right.REVIEW.value: "审核证据",
    Right.DECIDE_EXCLUSIONS.value: "审批排除区",
    Right.READ_LEADS.value: "查看线索",
    Right.READ_DUTY.value: "查看在岗情况",
    Right.READ_CASES.value: "查看案件",
    Right.MANAGE_CASES.value: "办理案件",
    Right.STRIKE_OFF.value: "案件销号",
    Right.READ_REPORTS.value: "导出清单",
    Right.MANAGE_REPORTS.value: "填报工作量、导入清单",
    Right.MANAGE_TERRITORY.value: "管理区划",
    Right.MANAGE_ACCOUNTS.value: "管理账号",
    Right.MANAGE_WEBHOOKS.value: "管理群机器人",
    Right.READ_AUDIT.value: "查看操作记录",
}
VIA_NAMES = {
    "session": "网页",
    "token": "接口令牌",
    "operator": "操作员令牌",
    "terminal": "服务器终端",
    "none": "未登录",
}
MOST_ROWS = 200_000
_HEAD = ("时间", "人员", "角色", "方式", "来源地址", "操作", "接口", "对象", "涉及网格员", "详情")
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Filter(NamedTuple):
    """Which entries: local days (both included), part of a name, what, an officer's code. Empty or None: any."""

    since: date | None = None
    until: date | None = None
    actor: str = ""
    what: str = ""
    officer: str = ""


def page(session: Session, settings: Settings, actor: Actor, wanted: Filter, limit: int, skip: int) -> AuditPage:
    """Entries about people within the actor's scope."""
    total, rows = queries.page(session, _matches(session, settings, actor, wanted), limit, skip)
    return AuditPage(total=total, items=entries(rows), whats=WHATS)


def table(session: Session, settings: Settings, actor: Actor, wanted: Filter) -> str:
    """The entries as CSV, oldest first. Raises TooLargeError above `MOST_ROWS`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    for number, row in enumerate(queries.every(session, _matches(session, settings, actor, wanted))):
        if number >= MOST_ROWS:
            raise TooLargeError(f"超过 {MOST_ROWS:,} 条，无法一次导出。请缩小时间范围后分批导出。", limit=MOST_ROWS)
        writer.writerow([_cell(value) for value in _line(settings, row)])
    return out.getvalue()


def entries(rows: Iterable[Row[Any]]) -> list[Entry]:
    """Entries with their words."""
    return [Entry(**row._mapping, what_name=WHATS.get(row.what, row.what)) for row in rows]


def _matches(session: Session, settings: Settings, actor: Actor, wanted: Filter) -> dict[str, Any]:
    everybody = actor.scope.is_everything
    return {
        "since": None if wanted.since is None else _midnight(settings, wanted.since),
        "until": None if wanted.until is None else _midnight(settings, wanted.until + timedelta(1)),
        "actor": wanted.actor.strip(),
        "what": wanted.what,
        "officer": wanted.officer.strip(),
        "account_ids": None if everybody else people_queries.ids_inside(session, actor.scope),
    }


def _midnight(settings: Settings, day: date) -> datetime:
    return datetime.combine(day, time(), settings.zone)


def _line(settings: Settings, row: Row[Any]) -> tuple[str, ...]:
    return (
        row.at.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M:%S"),
        row.actor,
        ROLE_NAMES[Role(row.role)] if row.role in set(Role) else row.role,
        VIA_NAMES[row.via],
        row.address,
        WHATS.get(row.what, row.what),
        row.route,
        row.subject,
        "、".join(row.officer_codes),
        json.dumps(row.facts, ensure_ascii=False) if row.facts else "",
    )


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
