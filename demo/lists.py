"""The demo's lists of other departments: most rows are sites and tenants told in other words, some are nowhere."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Engine

from app.baselines import importing, matching
from app.baselines.schemas import ListIn
from app.db import transaction
from app.settings import Settings
from demo.firms import Firms
from demo.intentions import HOST_COUNTY
from demo.plan import Plan
from demo.sites import DemoSite, own_id
from demo.state import BUILDER

COUNTY = f"{HOST_COUNTY}000000"
NOWHERE = 24  # firms of the register that no site holds: planted omissions
HEADS = ("企业名称", "统一社会信用代码", "地址", "联系人", "区划代码")
MAPPING = {"name": HEADS[0], "uscc": HEADS[1], "address": HEADS[2], "contact": HEADS[3], "unit": HEADS[4]}


def load_lists(engine: Engine, settings: Settings, plan: Plan, sites: Sequence[DemoSite]) -> None:
    """Import and match a market register (GBK), the power company's users and the list of shut firms."""
    draw = np.random.default_rng([plan.clock.seed, 43])
    firms = Firms(draw)
    for _ in range(2000):  # beyond the names of the sites
        firms.firm("tenant")
    county = [site for site in sites if site.body["stated_unit_code"].startswith(HOST_COUNTY)]
    known = [row for site in county for row in _names(site)]
    register = [_told(row, draw) for row in known if draw.random() < 0.8]
    villages = sorted({row.unit_code for row in known})
    register += [_stranger(firms, villages[at % len(villages)]) for at in range(NOWHERE)]
    users = [_told(row._replace(uscc=None), draw) for row in known if draw.random() < 0.5]
    shut = [_told(row, draw) for site in county if site.body["occupancy"] == "shut_down" for row in _names(site)[:1]]
    _load(
        engine, settings, plan, "market_register", "市场主体名录（演示）", "演示市场监管局", _shuffled(register, draw)
    )
    _load(engine, settings, plan, "power_users", "工业用电户名单（演示）", "演示供电公司", _shuffled(users, draw))
    _load(engine, settings, plan, "shut_down", "关闭停产企业名单（演示）", "演示工信局", shut)


class Known(NamedTuple):
    """Whom a register knows, where, and in which village."""

    name: str
    uscc: str | None
    address: str
    unit_code: str


def _names(site: DemoSite) -> list[Known]:
    body = site.body
    own = [Known(body["name"], body["uscc"], body["address"], body["stated_unit_code"])] if body["uscc"] else []
    tenants = [(tenancy["tenant_name"], tenancy["uscc"]) for tenancy in site.tenancies]
    return own + [Known(name, uscc, body["address"], body["stated_unit_code"]) for name, uscc in tenants]


def _told(row: Known, draw: np.random.Generator) -> list[str]:
    """A row as another department writes it: with its code, or with none and the name a little different."""
    if row.uscc and draw.random() < 0.6:
        return [row.name, row.uscc, f"常州市{row.address}", "", row.unit_code]
    prefix = "常州市" if draw.random() < 0.5 else ""
    told = row.name.replace("加工部", "加工厂") if draw.random() < 0.25 else row.name
    return [prefix + told, "", row.address if draw.random() < 0.7 else "", "", row.unit_code]


def _stranger(firms: Firms, unit_code: str) -> list[str]:
    firm = firms.firm("workshop")
    return [firm.name.replace("演示", "演示新", 1), firm.uscc, "", firms.person(), unit_code]


def _shuffled(rows: list[list[str]], draw: np.random.Generator) -> list[list[str]]:
    return [rows[int(at)] for at in draw.permutation(len(rows))]


def _load(
    engine: Engine, settings: Settings, plan: Plan, kind: str, name: str, department: str, rows: list[list[Any]]
) -> None:
    number = own_id(f"list/{kind}")
    body = {
        "id": number,
        "name": name,
        "kind": kind,
        "department": department,
        "as_of": plan.clock.last_day.isoformat(),
        "unit_code": COUNTY,
        "mapping": MAPPING,
    }
    asked = ListIn.model_validate(body)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(_gbk([list(HEADS), *rows]))
        with transaction(engine) as session:
            is_new = importing.store(session, settings, BUILDER, asked, path, f"{name}.csv")
    if is_new:
        matching.run(engine, settings, number, lambda: False)


def _gbk(rows: list[list[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("gb18030")
