"""Overdue orders climb one level with each day that ends, up to the city, and no further."""

from datetime import datetime, timedelta

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.dispatch import service as dispatch
from app.settings import Settings
from tests.app.dispatch.asks import day, kinds, now_of, sent, step, told, voided, walked
from tests.app.dispatch.conftest import Person
from tests.support.phone import refused


class Clock(Settings):
    """Settings of another day."""

    at: datetime

    def now(self) -> datetime:
        """The instant that the test says."""
        return self.at


def after(settings: Settings, days: int) -> Clock:
    """The settings some days from now, a little after midnight."""
    when = settings.now().replace(hour=0, minute=10, second=0, microsecond=0) + timedelta(days=days)
    return Clock(**settings.model_dump(), at=when)


def level(head: TestClient, known: dict[str, object]) -> str:
    """Who answers for an order now."""
    return str(now_of(head, known)["level"])


def test_an_order_climbs_once_for_each_day_missed_and_stops_at_the_city(
    head: TestClient, city: Engine, settings: Settings
) -> None:
    known = sent(head, deadline=day())
    assert dispatch.climb(city, after(settings, 0)) == 0, "the day itself is still in time"
    found = []
    for days in (1, 2, 3, 4):
        dispatch.climb(city, after(settings, days))
        assert dispatch.climb(city, after(settings, days)) == 0, "once a day"
        found.append(level(head, known))
    assert found == ["town", "county", "city", "city"]
    events = [event for event in now_of(head, known)["events"] if event["kind"] == "climbed"]
    assert [event["facts"] for event in events] == [
        {"from": "village", "to": "town", "day": day()},
        {"from": "town", "to": "county", "day": day(1)},
        {"from": "county", "to": "city", "day": day(2)},
    ]
    assert {event["by_name"] for event in events} == {"系统"}


def test_nights_without_a_server_are_made_up_for(head: TestClient, city: Engine, settings: Settings) -> None:
    known = sent(head, deadline=day())
    assert dispatch.climb(city, after(settings, 2)) == 1
    assert level(head, known) == "county"
    assert kinds(now_of(head, known)) == ["created", "climbed", "climbed"]


def test_a_moved_deadline_stops_the_climb_and_keeps_who_answers(
    head: TestClient, city: Engine, settings: Settings
) -> None:
    known = sent(head, deadline=day())
    dispatch.climb(city, after(settings, 1))
    told(step(head, now_of(head, known), "deadline", deadline=day(5), words="雨天"))
    assert dispatch.climb(city, after(settings, 5)) == 0
    assert level(head, known) == "town"
    dispatch.climb(city, after(settings, 6))
    assert level(head, known) == "county"


def test_what_was_done_in_time_does_not_climb_even_if_nobody_looked(
    head: TestClient, w1: TestClient, city: Engine, settings: Settings
) -> None:
    known = sent(head, deadline=day())
    walked(w1)
    assert dispatch.climb(city, after(settings, 3)) == 0
    assert (now_of(head, known)["state"], level(head, known)) == ("done", "village")


def test_an_order_opened_again_climbs_from_that_day_on(
    head: TestClient, w1: TestClient, person: Person, city: Engine, settings: Settings
) -> None:
    known = sent(head)
    patrol = walked(w1)
    assert now_of(head, known)["state"] == "done"
    with city.begin() as connection:  # three days ago was the last day
        connection.execute(text("UPDATE work_order SET deadline = :day"), {"day": day(-3)})
    voided(person("town"), "patrols", patrol)
    assert dispatch.climb(city, after(settings, 0)) == 0
    assert now_of(head, known)["state"] == "open"
    dispatch.climb(city, after(settings, 1))
    assert level(head, known) == "town"


def test_withdrawn_orders_do_not_climb(head: TestClient, city: Engine, settings: Settings) -> None:
    known = sent(head, deadline=day())
    told(step(head, known, "withdraw", words="已拆除"))
    assert dispatch.climb(city, after(settings, 2)) == 0


def test_an_order_that_climbed_is_no_longer_the_villages_to_take_back(
    head: TestClient, person: Person, city: Engine, settings: Settings
) -> None:
    village = person("village")
    known = sent(village, deadline=day())
    dispatch.climb(city, after(settings, 1))
    refused(step(village, now_of(village, known), "deadline", deadline=day(30), words="再等等"), 403, "须由")
    told(step(head, now_of(head, known), "deadline", deadline=day(3), words="同意"))
