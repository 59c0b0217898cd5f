"""Lists as people send them in, and what becomes of their rows."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.baselines import matching
from app.settings import Settings
from tests.app.sites import bodies
from tests.support.seeding import COUNTY_A

CODE = bodies.GOOD_USCC
TODAY = bodies.TODAY
HEADERS = ("企业名称", "统一社会信用代码", "地址", "联系电话", "所属村", "经度", "纬度")
MAPPING = dict(zip(("name", "uscc", "address", "contact", "unit", "lon", "lat"), HEADERS, strict=True))
NO_PLACE = {field: column for field, column in MAPPING.items() if field not in ("lon", "lat")}


def csv_of(rows: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, encoding: str = "gb18030") -> bytes:
    """A CSV file of rows, each as long as it needs to be."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(headers)
    writer.writerows([*row, *[""] * (len(headers) - len(row))] for row in rows)
    return sink.getvalue().encode(encoding)


def fields(**more: Any) -> dict[str, Any]:
    """What is said of a list beside its file."""
    return {
        "id": str(uuid4()),
        "name": "2026年10月市场主体",
        "kind": "market_register",
        "department": "东山区市场监管局",
        "as_of": bodies.days(30).isoformat(),
        "unit_code": COUNTY_A,
        "mapping": NO_PLACE,
    } | more


def send(client: TestClient, content: bytes, asked: dict[str, Any], name: str = "名单.csv") -> Any:
    """The answer to a list."""
    files = {"file": (name, content)}
    return client.post("/api/baselines", data={"fields": json.dumps(asked)}, files=files)


@dataclass
class World:
    """The city with its people; the operator is `client`."""

    engine: Engine
    settings: Settings
    client: TestClient
    people: dict[str, TestClient]

    def site(self, **more: Any) -> str:
        """The id of a new site."""
        return bodies.put_site(self.client, **more)

    def tenancy(self, site_id: str, name: str, **more: Any) -> str:
        """The id of a new tenancy."""
        return bodies.put_tenancy(self.client, site_id, name, **more)

    def visit(self, site_id: str, days_ago: int = 0, seen: tuple[str, ...] = ()) -> None:
        """Somebody was there."""
        bodies.visit(self.engine, site_id, days_ago, seen)

    def list_of(self, *rows: Sequence[Any], by: str | None = None, matched: bool = True, **more: Any) -> str:
        """The id of a list of rows, matched unless said otherwise."""
        sender = self.people[by] if by else self.client
        baseline = str(bodies.taken(send(sender, csv_of(rows), fields(**more)))["id"])
        if matched:
            self.match(baseline)
        return baseline

    def match(self, baseline: str) -> None:
        """Do what the server's jobs do."""
        matching.run(self.engine, self.settings, baseline, lambda: False)

    def get(self, baseline: str, by: str | None = None) -> dict[str, Any]:
        """A list as somebody sees it."""
        return bodies.taken((self.people[by] if by else self.client).get(f"/api/baselines/{baseline}"))

    def rows(self, baseline: str, by: str | None = None, **asked: Any) -> list[dict[str, Any]]:
        """Rows of a list as somebody sees them."""
        reader = self.people[by] if by else self.client
        found: list[dict[str, Any]] = bodies.taken(reader.get(f"/api/baselines/{baseline}/rows", params=asked))["items"]
        return found

    def decide(self, baseline: str, row: dict[str, Any], by: str | None = None, **decision: Any) -> Any:
        """The answer to a decision."""
        decider = self.people[by] if by else self.client
        return decider.post(f"/api/baselines/{baseline}/rows/{row['id']}/decision", json=decision)
