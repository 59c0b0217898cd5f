"""What a village's rows lack is asked of the village's own sites, however long the list of its county is."""

from typing import Any

from sqlalchemy import event

from app.baselines import left_out
from app.db import transaction
from app.scope import EVERYTHING
from tests.app.baselines.world import TODAY, World
from tests.support.seeding import CITY, COUNTY_A, TOWN_1, VILLAGE_11, VILLAGE_21


def test_a_village_does_not_wait_for_the_sites_of_others(world: World) -> None:
    names = {VILLAGE_11: "东山宏达机械有限公司", VILLAGE_21: "西河金龙电镀厂"}
    places = {VILLAGE_11: (0.5, 2.5), VILLAGE_21: (0.5, 0.5)}
    sites = {unit: world.site(name=name, stated_unit_code=unit, at=places[unit]) for unit, name in names.items()}
    world.list_of(*[[name, "", "", "", unit] for unit, name in names.items()])
    asked_of: list[Any] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "last_visit_day" in statement and "ids" in values:
            asked_of.extend(str(each) for each in values["ids"])

    event.listen(world.engine, "before_cursor_execute", note)
    with transaction(world.engine) as session:
        path = f"{CITY}.{COUNTY_A}.{TOWN_1}.{VILLAGE_11}"
        found = left_out.omission_counts(session, world.settings, EVERYTHING, path, TODAY)
    event.remove(world.engine, "before_cursor_execute", note)
    assert [(count.unit_path, count.number) for count in found] == [(path, 1)]
    assert asked_of == [sites[VILLAGE_11]]
