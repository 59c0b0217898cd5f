"""Who has signed this month, as the level above sees it."""

from typing import Any

from tests.app.determination.signing.office import Office
from tests.app.determination.village import COUNTY, OTHER, TOWN, VILLAGE


def shown(office: Office, unit: str) -> dict[str, Any]:
    """What the head of the county sees of a unit's signatures."""
    answer = office.as_("countyhead").get(f"/api/overview?unit={unit}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["signing"]
    return found


def states(signing: dict[str, Any]) -> tuple[str | None, int, int, int, int]:
    """Own state, and how many below are signed, no longer so, sent back, not signed."""
    return signing["own"], *(signing[name] for name in ("valid", "superseded", "sent_back", "unsigned"))


def test_each_unit_below_is_counted_once(office: Office) -> None:
    month = {"first_day": office.settings.today().replace(day=1).isoformat()}
    days = month | {"last_day": office.settings.today().isoformat()}
    assert shown(office, TOWN)["since"] == month["first_day"]
    assert states(shown(office, TOWN)) == (None, 0, 0, 0, 2)
    for count, unit in enumerate((VILLAGE, OTHER), start=1):
        assert office.sign(unit, **days).status_code == 201
        assert states(shown(office, TOWN)) == (None, count, 0, 0, 2 - count)
    assert office.sign(TOWN, **days).status_code == 201
    assert states(shown(office, TOWN)) == ("valid", 2, 0, 0, 0)
    assert states(shown(office, VILLAGE)) == ("valid", 0, 0, 0, 0)
    assert states(shown(office, COUNTY))[:2] == (None, 1)
