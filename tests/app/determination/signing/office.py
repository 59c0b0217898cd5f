"""The heads of village, town and county, who sign, send back and delegate over HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
from sqlalchemy import Engine, text

from app.db import transaction
from app.settings import Settings
from tests.app.determination.village import COUNTY, HIGH, OTHER, SOUTH, TOWN, VILLAGE, WEST, WIDE
from tests.support.people import PASSWORD
from tests.support.server import OPERATOR_TOKEN
from tests.support.visitor import Visitor

HEADS = {VILLAGE: "head", OTHER: "otherhead", TOWN: "townhead", COUNTY: "countyhead"}


@dataclass
class Office:
    """Who does what, by username."""

    visitor: Callable[[], Visitor]
    settings: Settings
    engine: Engine
    ids: dict[str, str]
    known: dict[str, Visitor] = field(default_factory=dict)

    @property
    def period(self) -> dict[str, str]:
        """A week up to yesterday, which is over."""
        last = self.settings.today() - timedelta(days=1)
        return {"first_day": (last - timedelta(days=6)).isoformat(), "last_day": last.isoformat()}

    def as_(self, username: str) -> Visitor:
        """Somebody signed in."""
        if username not in self.known:
            self.known[username] = self.visitor()
            assert self.known[username].sign_in(username).status_code == 200
        return self.known[username]

    def sign(self, unit: str, by: str | None = None, **more: Any) -> Any:
        """The answer to a signature, by the unit's head unless said otherwise."""
        body = {"unit": unit, "password": PASSWORD, **self.period, **more}
        return self.as_(by or HEADS[unit]).post("/api/determination/attestations", body)

    def signed(self, *units: str) -> list[dict[str, Any]]:
        """Signatures of units, one after the other."""
        done = [self.sign(unit) for unit in units]
        assert [each.status_code for each in done] == [201] * len(units), [each.text for each in done]
        return [each.json() for each in done]

    def signed_up(self) -> list[dict[str, Any]]:
        """Both villages, the town and the county."""
        return self.signed(VILLAGE, OTHER, TOWN, COUNTY)

    def read(self, attestation: dict[str, Any], by: str = "countyhead") -> dict[str, Any]:
        """A signature as it is now."""
        answer = self.as_(by).get(f"/api/determination/attestations/{attestation['id']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def walk(self, days_ago: int = 2) -> str:
        """One more walk of W1's across the village, sent now; its id. `days_ago` 0: of the minute that passes."""
        today = datetime.combine(self.settings.today(), datetime.min.time(), self.settings.zone)
        ends = today - timedelta(days=days_ago) + timedelta(hours=15) if days_ago else self.settings.now()
        starts = ends - timedelta(minutes=5) if days_ago else max(today, ends - timedelta(minutes=1))
        body = {"id": str(uuid4()), "officer_code": "W1", "mode": "foot", "datum": "WGS-84"}
        fixes = list(_across(starts, (ends - starts) / 40))
        answer = self.visitor().client.post("/api/patrols", json={**body, "fixes": fixes}, headers=operator())
        assert answer.status_code in (200, 201), answer.text
        return str(body["id"])

    def void(self, patrol_id: str) -> None:
        """Take a walk back."""
        url = f"/api/patrols/{patrol_id}/void"
        answer = self.visitor().client.post(url, json={"reason": "误传"}, headers=operator())
        assert answer.status_code == 200, answer.text

    def tamper(self, *statements: str) -> None:
        """Do as somebody does who owns the database: without its triggers and references."""
        with transaction(self.engine) as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                done = session.execute(text(statement))
                assert done.rowcount, statement  # type: ignore[attr-defined]


def _across(start: datetime, step: timedelta) -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng(int(start.timestamp()))
    for index in range(40):
        shake = chance.normal(0, 1e-5, 2)
        yield {
            "lon": WEST + WIDE * (0.2 + 0.02 * index) + shake[0],
            "lat": SOUTH + HIGH * (0.15 + 0.018 * index) + shake[1],
            "time": (start + step * (index + chance.uniform(0, 0.4))).isoformat(),
            "accuracy_m": float(np.round(chance.uniform(3, 12), 1)),
        }


def operator() -> dict[str, str]:
    """The operator's headers."""
    return {"Authorization": f"Bearer {OPERATOR_TOKEN}"}


def refused(answer: Any, status: int) -> dict[str, Any]:
    """The error of a refused request."""
    assert answer.status_code == status, answer.text
    error: dict[str, Any] = answer.json()["error"]
    return error
