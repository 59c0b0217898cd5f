"""Signs that a visit may not be what it claims: they mark it, and reject nothing."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from shapely.affinity import translate
from sqlalchemy import Engine, text

from app.db import transaction
from app.settings import Settings
from tests.app.visits.conftest import Works
from tests.support import seeding
from tests.support.phone import at, review_of, send_photo
from tests.support.visiting import YARD, not_entered, put_site, visit

WEST_EDGE = YARD.bounds[0]
METRE = 1 / 94_600  # degrees of longitude at this latitude


def findings(city: Engine, visit_id: str) -> list[tuple[str, dict[str, Any]]]:
    with city.connect() as connection:
        rows = connection.execute(text("SELECT kind, facts FROM finding WHERE evidence_id = :id"), {"id": visit_id})
        return [(row.kind, row.facts) for row in rows]


def sent(w1: TestClient, city: Engine, body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    answer = w1.post("/api/visits", json=body)
    assert answer.status_code == 200, answer.text
    return findings(city, body["id"])


def away(metres: float, **changes: Any) -> dict[str, Any]:
    """A phone west of the yard."""
    lat = YARD.centroid.y
    return {**at(YARD), "lon": WEST_EDGE - metres * METRE, "lat": lat, **changes}


def test_a_visit_inside_is_no_wonder(w1: TestClient, works: Works, city: Engine) -> None:
    assert sent(w1, city, visit(works.site, works.all_seen)) == []


@pytest.mark.parametrize(("metres", "accuracy_m", "problem"), [
    (95, 20, None), (115, 20, None), (125, 20, "far"), (115, 5, "far"), (400, 50, "far"), (0, 150, "vague"),
    (0, None, "vague"), (110, None, "far"),
])  # fmt: skip
def test_how_far_the_phone_was_is_a_finding(
    w1: TestClient, works: Works, city: Engine, metres: float, accuracy_m: float | None, problem: str | None
) -> None:
    body = visit(works.site, works.all_seen, position=away(metres, accuracy_m=accuracy_m))
    found = sent(w1, city, body)
    assert [kind for kind, _ in found] == (["visit_far"] if problem else [])
    with city.connect() as connection:
        kept = connection.execute(text("SELECT distance_m FROM visit WHERE id = :id"), {"id": body["id"]}).scalar_one()
    assert kept == pytest.approx(metres, abs=1)
    if problem:
        assert found[0][1]["problem"] == problem
        assert found[0][1]["distance_m"] == pytest.approx(metres, abs=1)
    with transaction(city) as session:
        assert review_of(session, body["id"]) == ("open" if problem else "none")


def test_without_a_position_nobody_was_there_for_certain(w1: TestClient, works: Works, city: Engine) -> None:
    body = visit(works.site, works.all_seen, position=None)
    assert sent(w1, city, body) == [("visit_far", {"problem": "no_position"})]
    assert "没有手机定位" in w1.get("/api/field/records").json()[0]["findings"][0]


def test_an_old_position_says_little(w1: TestClient, works: Works, city: Engine) -> None:
    before = (datetime.now(UTC) - timedelta(minutes=11)).isoformat()
    found = sent(w1, city, visit(works.site, works.all_seen, position=away(0, time=before)))
    assert [(kind, facts["problem"]) for kind, facts in found] == [("visit_far", "old")]


def test_a_shut_gate_claimed_from_afar_is_marked_too(w1: TestClient, works: Works, city: Engine) -> None:
    found = sent(w1, city, not_entered(works.site, position=away(3000)))
    assert "visit_far" in [kind for kind, _ in found]


def test_a_site_that_is_a_point_is_measured_from_there(w1: TestClient, client: TestClient, city: Engine) -> None:
    lon, lat = YARD.centroid.coords[0]
    site = put_site(client, None, datum="WGS-84", lon=lon, lat=lat)
    found = sent(w1, city, visit(site, position={**at(YARD), "lon": lon + 300 * METRE, "lat": lat}))
    assert [kind for kind, _ in found] == ["visit_far"]
    assert found[0][1]["distance_m"] == pytest.approx(300, abs=2)


def test_a_grid_of_nobody_s_in_ones_own_village_is_marked(w1: TestClient, client: TestClient, city: Engine) -> None:
    with city.begin() as connection:
        connection.execute(
            text("DELETE FROM grid_officer WHERE grid_code = :code"), {"code": f"{seeding.VILLAGE_11}002"}
        )
    yard = translate(YARD, seeding.WIDTH)
    found = sent(w1, city, visit(put_site(client, yard), position=at(yard)))
    assert [kind for kind, _ in found] == ["outside_scope"]
    assert "柳树第2网格" in w1.get("/api/field/records").json()[0]["findings"][0]


def test_a_photo_used_before_is_marked(w1: TestClient, works: Works, city: Engine) -> None:
    first = visit(works.site, works.all_seen, photo_ids=[send_photo(w1, seed=1)])
    second = visit(works.site, works.all_seen, photo_ids=[send_photo(w1, seed=1)])
    assert sent(w1, city, first) == []
    assert [kind for kind, _ in sent(w1, city, second)] == ["photo_reused"]


class TestAtNight:
    """Work is over at ten."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"work_starts": time(6), "work_ends": time(22)})

    def test_a_visit_outside_working_hours_is_marked(
        self, w1: TestClient, works: Works, city: Engine, settings: Settings
    ) -> None:
        at_one = datetime.now(settings.zone).replace(hour=1, minute=0) - timedelta(days=1)
        position = at(YARD, time=at_one.isoformat())
        body = visit(works.site, works.all_seen, visited_at=at_one.isoformat(), position=position)
        assert [kind for kind, _ in sent(w1, city, body)] == ["outside_hours"]
        assert w1.get("/api/field/records").json()[0]["findings"] == ["不在工作时间（06:00 至 22:00）内"]


def test_staff_see_what_was_found(works: Works, w1: TestClient, client: TestClient) -> None:
    body = visit(works.site, works.all_seen, position=away(500))
    assert w1.post("/api/visits", json=body).status_code == 200
    told = client.get(f"/api/visits/{body['id']}").json()
    assert told["findings"] == [f"走访时手机距所查场所 {told['distance_m']:.0f} 米"]
    assert told["distance_m"] == pytest.approx(500, abs=2)
