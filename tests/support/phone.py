"""A grid officer's phone at the application in this process: signed in, sending what a phone sends."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import numpy as np
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.rights import Role
from tests.support import seeding
from tests.support.people import add_person, let_in

EVERYWHERE = seeding.cell(0, 0, 8, 4)
# Places in the city of tests.support.seeding.
HOME = seeding.cell(0.3, 2.3, 0.01, 0.01)  # in W1's first grid: some 19 m x 20 m
GRID, OTHER_GRID = f"{seeding.VILLAGE_11}001", f"{seeding.VILLAGE_21}001"


def add_people(session: Session) -> None:
    """The city, painted, and people in it: w1 and w2 the officers, and staff of villages, a town and the city."""
    seeding.seed_city(session)
    coverage.repaint(session, EVERYWHERE, seeding.VALID_FROM)
    add_person(session, "w1", Role.OFFICER, [], officer_code="W1")
    add_person(session, "w2", Role.OFFICER, [], officer_code="W2")
    add_person(session, "village", Role.VILLAGE, [(seeding.VILLAGE_11, None)])
    add_person(session, "elsewhere", Role.VILLAGE, [(seeding.VILLAGE_22, None)])
    add_person(session, "town", Role.TOWN, [(seeding.TOWN_1, None)])


@contextmanager
def signed_in(application: FastAPI, username: str) -> Iterator[TestClient]:
    """Somebody at the application, with the session and the page's token that a browser would have."""
    with TestClient(application, "http://127.0.0.1", raise_server_exceptions=False) as client:
        let_in(client, username)
        yield client


def jpeg(seed: int = 0) -> bytes:
    """A picture that looks like no other seed's."""
    noise = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    kept = io.BytesIO()
    Image.fromarray(noise).resize((320, 240)).save(kept, "JPEG")
    return kept.getvalue()


def send_photo(
    client: TestClient, officer: str = "W1", seed: int | None = None, taken_at: datetime | None = None
) -> str:
    """Put a photo up; its id."""
    photo_id = uuid4()
    at = (taken_at or datetime.now(UTC)).isoformat()
    content = jpeg(photo_id.int % 2**32 if seed is None else seed)
    answer = client.put(
        f"/api/photos/{photo_id}",
        params={"officer_code": officer, "taken_at": at},
        content=content,
        headers={"Content-Type": "image/jpeg"},
    )
    assert answer.status_code == 200, answer.text
    return str(photo_id)


def at(shape: shapely.Geometry, **changes: Any) -> dict[str, Any]:
    """The position of a phone in the middle of a shape."""
    lon, lat = shape.centroid.coords[0]
    return {"lon": lon, "lat": lat, "accuracy_m": 8.0, "time": datetime.now(UTC).isoformat(), **changes}


def mark(photo_ids: list[str], shape: shapely.Geometry = HOME, **changes: Any) -> dict[str, Any]:
    """The body of a declared mark of W1, made just now and there; `changes` replace fields."""
    stated = {
        "id": str(uuid4()),
        "officer_code": "W1",
        "kind": "declared",
        "datum": "WGS-84",
        "geometry": shapely.geometry.mapping(shape),
        "reason": "indoors",
        "made_at": datetime.now(UTC).isoformat(),
        "position": at(shape),
        "photo_ids": photo_ids,
    }
    return {**stated, **changes}


def refused(answer: Response, status: int, words: str) -> dict[str, Any]:
    """The facts of a refusal that says some words."""
    assert answer.status_code == status, answer.text
    error: dict[str, Any] = answer.json()["error"]
    assert words in error["message"], error
    return dict(error["facts"])


def review_of(session: Session, evidence_id: str) -> str:
    """The state of review of a record."""
    found: str = session.execute(text("SELECT review FROM evidence WHERE id = :id"), {"id": evidence_id}).scalar_one()
    return found
