"""What a reviewer sees of one record: its ground, its fixes along time, photos, and the record it is like."""

from datetime import datetime, timedelta

from sqlalchemy import text

from app.evidence.schemas import FindingKind
from tests.app.review.conftest import Person
from tests.app.review.world import World, square, walk


def test_a_patrol_comes_with_its_track_and_its_fixes_along_time(world: World, person: Person) -> None:
    start = datetime.now(tz=world.settings.zone).replace(hour=9, minute=0, second=0) - timedelta(days=2)
    fixes = walk(0, 2, start)
    fixes[100]["lat"] += 0.01  # a kilometre away and back
    fixes[200]["accuracy_m"] = 90.0
    patrol = world.patrol(fixes=fixes)
    detail = person("village11").get(f"/api/review/{patrol}").json()
    series = detail["series"]
    assert detail["track"]["type"] == "MultiLineString"
    assert series["fixes"] == len(fixes) == len(series["t_s"]) == len(series["left_out"])
    assert series["t_s"][:2] == [0, 5]
    assert series["left_out"][100] == series["left_out"][101] == "jump"
    assert series["left_out"][200] == series["left_out"][201] == "weak_accuracy"
    assert series["left_out"][0] is None
    assert series["speed_m_s"][0] is None
    assert series["speed_m_s"][100] > 200
    assert series["accuracy_m"][200] == 90
    assert any("精度差于" in fact["text"] for fact in detail["facts"])


def test_a_very_long_patrol_keeps_what_stands_out(world: World, person: Person) -> None:
    start = datetime.now(tz=world.settings.zone).replace(hour=9, minute=0, second=0) - timedelta(days=3)
    fixes = [fix for part in range(50) for fix in walk(0, 2, start + timedelta(minutes=31 * part))]
    fixes[12_345]["lat"] += 0.05
    patrol = world.patrol(fixes=fixes)
    series = person("village11").get(f"/api/review/{patrol}").json()["series"]
    assert series["fixes"] == 18_000
    assert len(series["t_s"]) <= 5_000
    assert series["t_s"] == sorted(series["t_s"])
    assert max(speed for speed in series["speed_m_s"] if speed is not None) > 1000


def test_a_mark_comes_with_its_area_photo_and_the_phones_distance(world: World, person: Person) -> None:
    area = square(0.5, 2.3)
    mark = world.mark(area=area, position=(area.centroid.x + 0.008, area.centroid.y))
    detail = person("village11").get(f"/api/review/{mark}").json()
    assert detail["area"]["type"] in ("Polygon", "MultiPolygon")
    assert 600 < detail["distance_m"] < 800
    assert "mark_far" in [finding["kind"] for finding in detail["item"]["findings"]]
    assert len(detail["photos"]) == 1
    photo = person("village11").get(f"/api/photos/{detail['photos'][0]['id']}")
    assert photo.headers["content-type"] == "image/jpeg"
    assert any("围墙内" in fact["text"] for fact in detail["facts"])


def test_of_two_records_alike_each_shows_the_other(world: World, person: Person) -> None:
    first, second = world.patrol(), world.patrol(column=1)
    facts = {"other_started_at": "2026-01-02T08:00:00+08:00", "same_officer": True, "how": "places"}
    world.find(second, FindingKind.COPIED_TRACK, {**facts, "shared_places": 300, "percent": 98}, other_id=first)
    for one, other in ((first, second), (second, first)):
        detail = person("village11").get(f"/api/review/{one}").json()
        assert [each["id"] for each in detail["other"]] == [str(other)]
        assert detail["other"][0]["track"]["type"] == "MultiLineString"


def test_of_a_record_outside_the_scope_only_that_it_exists_is_told(world: World, person: Person) -> None:
    here, there = world.patrol(), world.patrol("W2", 0, 0)
    facts = {"other_started_at": "2026-01-02T08:00:00+08:00", "same_officer": False, "how": "places"}
    world.find(here, FindingKind.COPIED_TRACK, {**facts, "shared_places": 300, "percent": 98}, other_id=there)
    other = person("village11").get(f"/api/review/{here}").json()["other"][0]
    assert other == {"id": str(there), "in_scope": False, "item": None, "track": None, "area": None, "photos": []}
    assert person("county").get(f"/api/review/{here}").json()["other"][0]["item"]["officer_name"] == "李秀英"


def test_a_patrol_without_raw_fixes_is_still_shown(world: World, person: Person) -> None:
    patrol = world.suspicious()
    with world.engine.begin() as connection:
        connection.execute(text("DELETE FROM patrol_fixes"))
    detail = person("village11").get(f"/api/review/{patrol}").json()
    assert detail["series"] is None
    assert detail["track"] is not None
    assert any("已过保存期限" in fact["text"] for fact in detail["facts"])
