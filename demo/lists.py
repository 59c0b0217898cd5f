"""The demo's lists of other departments: most rows are sites and tenants told in other words, some are nowhere."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
HEADS = ("企业名称", "统一社会信用代码", "地址", "联系人")
MAPPING = {"name": HEADS[0], "uscc": HEADS[1], "address": HEADS[2], "contact": HEADS[3]}


def load_lists(engine: Engine, settings: Settings, plan: Plan, sites: Sequence[DemoSite]) -> None:
    """Import and match a market register (GBK), the power company's users and the list of shut firms."""
    draw = np.random.default_rng([plan.clock.seed, 43])
    firms = Firms(draw)
    for _ in range(2000):  # beyond the names of the sites
        firms.firm("tenant")
    county = [site for site in sites if site.body["stated_unit_code"].startswith(HOST_COUNTY)]
    known = [row for site in county for row in _names(site)]
    register = [_told(row, draw) for row in known if draw.random() < 0.8]
    register += [_stranger(firms) for _ in range(NOWHERE)]
    users = [_told((name, None, address), draw) for name, _, address in known if draw.random() < 0.5]
    shut = [row for site in county if site.body["occupancy"] == "shut_down" for row in _names(site)[:1]]
    _load(
        engine, settings, plan, "market_register", "市场主体名录（演示）", "演示市场监管局", _shuffled(register, draw)
    )
    _load(engine, settings, plan, "power_users", "工业用电户名单（演示）", "演示供电公司", _shuffled(users, draw))
    _load(engine, settings, plan, "shut_down", "关闭停产企业名单（演示）", "演示工信局", [[*row, ""] for row in shut])


def _names(site: DemoSite) -> list[tuple[str, str | None, str]]:
    """Name, code and address of whom a register knows at a site."""
    own = (site.body["name"], site.body["uscc"], site.body["address"])
    tenants = [(tenant["tenant_name"], tenant["uscc"], site.body["address"]) for tenant in site.tenancies]
    return ([own] if site.body["uscc"] else []) + tenants


def _told(row: tuple[str, str | None, str], draw: np.random.Generator) -> list[str]:
    """A row as another department writes it: with its code, or with none and the name a little different."""
    name, uscc, address = row
    if uscc and draw.random() < 0.6:
        return [name, uscc, f"常州市{address}", ""]
    prefix = "常州市" if draw.random() < 0.5 else ""
    told = name.replace("加工部", "加工厂") if draw.random() < 0.25 else name
    return [prefix + told, "", address if draw.random() < 0.7 else "", ""]


def _stranger(firms: Firms) -> list[str]:
    firm = firms.firm("workshop")
    return [firm.name.replace("演示", "演示新", 1), firm.uscc, "", firms.person()]


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
