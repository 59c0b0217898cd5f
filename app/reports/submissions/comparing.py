"""A town's report against what its villages handed upward: on which it stands, which are missing, what differs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.reports.queries import submissions as queries
from app.reports.submissions.freezing import Content, column_names
from app.reports.table import Cell

MOST_NAMED = 20


class Comparison(NamedTuple):
    """Plain JSON values, as they are kept in a content.

    `basis`: code, name, version, digest (hex) of each report in force below; `missing`: code, name of units without
    one; `differences`: code, name, column, here, there. All empty for a unit that nothing lies below.
    """

    basis: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    differences: list[dict[str, Any]]


def compare(session: Session, row: Row[Any], content: Content) -> Comparison:
    """A content against what is in force below now."""
    parts = content["parts"]
    below = queries.in_force_below(session, row) if parts else {}
    names = column_names(content)
    basis, missing, differences = [], [], []
    for part in parts:
        unit = {"code": part["code"], "name": part["name"]}
        theirs = below.get(part["code"])
        if theirs is None:
            missing.append(unit)
            continue
        basis.append({**unit, "version": theirs.version, "digest": theirs.content_digest.hex()})
        pairs = zip(names, part["cells"], _cells(theirs.content, names), strict=True)
        differences += [{**unit, "column": name, "here": a, "there": b} for name, a, b in pairs if a != b]
    return Comparison(basis, missing, differences)


def moved(then: Content, now: Comparison) -> list[str]:
    """What changed below since a content was checked; empty when nothing did."""
    stated = {unit["code"] for unit in then["missing"]}
    old = {unit["code"]: unit for unit in then["basis"]}
    told = [f"{unit['name']}的报送已失效" for unit in now.missing if unit["code"] not in stated]
    for unit in now.basis:
        known = old.get(unit["code"])
        if known is None:
            told.append(f"{unit['name']}已补报")
        elif known["digest"] != unit["digest"]:
            told.append(f"{unit['name']}已更正为第 {unit['version']} 版")
    return told


def printed(content: Content) -> list[str]:
    """What is printed on the form of units that are missing, and of sums that differ."""
    told = [f"截至核对时未报送的下级单位：{unit['name']}（{unit['why']}）。" for unit in content["missing"]]
    differing = [said(each) for each in content["differences"]]
    if differing:
        left = f"；另有 {len(differing) - MOST_NAMED} 处" if len(differing) > MOST_NAMED else ""
        told.append(f"与下级报送数不一致 {len(differing)} 处：{'；'.join(differing[:MOST_NAMED])}{left}。")
    return told


def said(difference: Mapping[str, Any]) -> str:
    """A difference in words."""
    here, there = _shown(difference["here"]), _shown(difference["there"])
    return f"{difference['name']}“{difference['column']}”本表 {here}，该单位报送 {there}"


def _cells(content: Content, names: list[str]) -> list[Cell]:
    """A report's figures under the names of another: the form may have had other columns then."""
    theirs = dict(zip(column_names(content), content["figures"], strict=True))
    return [theirs.get(name) for name in names]


def _shown(value: Cell) -> str:
    if value is None:
        return "未填"
    return f"{value:g}" if isinstance(value, float) else str(value)
