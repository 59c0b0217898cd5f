"""What people do with cases, as their pages ask it."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from PIL import Image

from app.cases.schemas.codes import ITEMS
from app.settings import Settings
from tests.app.review.conftest import Person
from tests.support.seeding import HEIGHT, SOUTH, VILLAGE_11, WEST, WIDTH

PLACE = {"lon": WEST + 0.5 * WIDTH, "lat": SOUTH + 2.5 * HEIGHT, "datum": "WGS-84"}  # in village 11
FAR = {"lon": WEST + 0.5 * WIDTH, "lat": SOUTH + 0.5 * HEIGHT, "datum": "WGS-84"}  # in village 21
USCC = "91110000600037341L"  # the one of stdnum's own documentation


def body(today: date, **changes: Any) -> dict[str, Any]:
    """The body of a new case, found forty days ago in village 11."""
    known = {
        "id": str(uuid4()),
        "party_name": "东山某化工作坊",
        "category": "chemical",
        "chemical_kind": "black_workshop",
        "address": "柳树村三组 18 号后院",
        "place": PLACE,
        "description": "无证无照分装有机溶剂，储罐三只。",
        "found_on": str(today - timedelta(days=40)),
        "deadline": str(today + timedelta(days=10)),
    }
    return {**known, **changes}


def picture(seed: int = 1, form: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """A picture of a pattern of its own."""
    chance = np.random.default_rng(seed)
    small = Image.fromarray(chance.integers(0, 255, (9, 12, 3), dtype=np.uint8))
    file = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).save(file, form)
    return file.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass
class Desks:
    """Cases, handled by whoever is named; each answers the whole response."""

    person: Person
    settings: Settings

    @property
    def today(self) -> date:
        """The local day."""
        return self.settings.today()

    def ago(self, days: int) -> str:
        """A day gone by."""
        return str(self.today - timedelta(days=days))

    def ahead(self, days: int) -> str:
        """A day to come."""
        return str(self.today + timedelta(days=days))

    def open(self, by: str = "village11", **changes: Any) -> Any:
        """Register a case."""
        return self.person(by).post("/api/cases", json=body(self.today, **changes))

    def opened(self, by: str = "village11", **changes: Any) -> dict[str, Any]:
        """A case that was registered."""
        return self.taken(self.open(by, **changes))

    def read(self, case_id: str, by: str = "county") -> dict[str, Any]:
        """The file as somebody reads it."""
        return self.taken(self.person(by).get(f"/api/cases/{case_id}"))

    def step(self, case_id: str, step: str, by: str = "village11", **more: Any) -> Any:
        """Take a step from the version that is there."""
        asked = {"step": step, "version": self.read(case_id)["version"], "words": "现场核实", **more}
        return self.person(by).post(f"/api/cases/{case_id}/steps", json=asked)

    def strike_off(self, case_id: str, by: str = "town1", **more: Any) -> Any:
        """Take a case off the list."""
        asked = {"version": self.read(case_id)["version"], "words": "回头看未发现反弹", **more}
        return self.person(by).post(f"/api/cases/{case_id}/striking-off", json=asked)

    def patch(self, case_id: str, by: str = "village11", **fields: Any) -> Any:
        """Change fields of the version that is there."""
        asked = {"version": self.read(case_id)["version"], "why": "补充", **fields}
        return self.person(by).patch(f"/api/cases/{case_id}", json=asked)

    def attach(
        self, case_id: str, content: bytes, what: str = "现场照片", name: str = "photo.jpg", by: str = "village11",
        attachment_id: str | None = None,
    ) -> Any:  # fmt: skip
        """Upload an original."""
        data = {"id": attachment_id or str(uuid4()), "what": what}
        return self.person(by).post(f"/api/cases/{case_id}/attachments", data=data, files={"file": (name, content)})

    def attached(self, case_id: str, seed: int = 1, **more: Any) -> str:
        """The id of a picture that was taken in."""
        attachment_id = str(uuid4())
        self.taken(self.attach(case_id, picture(seed), attachment_id=attachment_id, **more))
        return attachment_id

    def prove(self, case_id: str, item: str, done_on: str | None, evidence: list[str], by: str = "village11") -> Any:
        """Say when one of the five was done and what proves it."""
        asked = {"version": self.read(case_id)["version"], "done_on": done_on, "attachment_ids": evidence}
        return self.person(by).put(f"/api/cases/{case_id}/closure/{item}", json=asked)

    def prove_all(self, case_id: str, done_on: str, seed: int = 10) -> dict[str, str]:
        """All five, each with a picture of its own; attachment by item."""
        evidence = {item: self.attached(case_id, seed + at) for at, item in enumerate(ITEMS)}
        for item, attachment in evidence.items():
            self.taken(self.prove(case_id, item, done_on, [attachment]))
        return evidence

    def closed(self, days_ago: int = 0, by: str = "village11", **changes: Any) -> dict[str, Any]:
        """A case closed some days ago, by all the rules."""
        found = days_ago + 20
        case = self.opened(by, found_on=self.ago(found), deadline=self.ago(days_ago - 1), way_to_close="ban", **changes)
        self.taken(self.step(case["id"], "start", by, on_day=self.ago(found - 1)))
        self.prove_all(case["id"], self.ago(days_ago + 1))
        return self.taken(self.step(case["id"], "close", by, on_day=self.ago(days_ago)))

    def look_back(self, case_id: str, at: int, by: str = "village11", **more: Any) -> Any:
        """Do the look back at a place among those of the file."""
        look = self.read(case_id)["look_backs"][at]
        asked = {"done_on": look["due_on"], "result": "clean", "words": "现场空置", **more}
        return self.person(by).post(f"/api/cases/{case_id}/look-backs/{look['id']}", json=asked)

    def struck_off(self) -> dict[str, Any]:
        """A case off the list, by all the rules."""
        case = self.closed(days_ago=200)
        for at in range(3):
            self.taken(self.look_back(case["id"], at))
        return self.taken(self.strike_off(case["id"]))

    def taken(self, answer: Any) -> dict[str, Any]:
        """What was answered to something that was done."""
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def refused(answer: Any, status: int) -> str:
    """The message of a refusal."""
    assert answer.status_code == status, answer.text
    return str(answer.json()["error"]["message"])


def one(items: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    """The one among some that has these values."""
    found = [item for item in items if all(item[name] == value for name, value in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def new_id() -> UUID:
    """An id that nobody has."""
    return uuid4()


IN_VILLAGE = VILLAGE_11
