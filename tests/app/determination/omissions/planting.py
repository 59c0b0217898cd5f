"""How omissions come about in the village, and how each is mended."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from app.coverage import verify
from app.sites import service as sites
from geo.daytiles import day_number
from tests.app.determination import village
from tests.app.determination.omissions.hands import Hands, Mend
from tests.app.determination.village import GRID_1, OTHER, PATH, VILLAGE, place

Planting = Callable[[Hands], Mend]


def sql(planted: str, mended: str, **values: Any) -> Planting:
    def plant(hands: Hands) -> Mend:
        known = {**hands.ids, "today": hands.today, "grid": GRID_1, "village": VILLAGE, **values}
        _run(hands, planted, known)
        return lambda: _run(hands, mended, known)

    return plant


def _run(hands: Hands, statement: str, known: dict[str, Any]) -> None:
    hands.sql(statement, **{name: value for name, value in known.items() if f":{name}" in statement})


def walked_otherwise(**how: Any) -> Planting:
    """Yesterday's walk never was; what was instead is no look that counts."""

    def plant(hands: Hands) -> Mend:
        hands.unwalk()
        if how:
            hands.walk(**how)
        return hands.walk

    return plant


def declared(hands: Hands) -> Mend:
    hands.sql("UPDATE look SET kind = 'declared' WHERE evidence_id = :id", id=hands.ids["patrol_0"])
    verify.rebuild(hands.session)
    return hands.walk


def never_visited(hands: Hands) -> Mend:
    shed = str(uuid4())
    hands.sql(
        """INSERT INTO site (id, code, name, kind, occupancy, risk, point, source_datum, stated_unit_code, unit_code,
            grid_code, unit_path, created_by)
        SELECT :new, 'S-NEW', '旧仓库', kind, 'idle', risk, point, source_datum, stated_unit_code, unit_code, grid_code,
            unit_path, 'test' FROM site WHERE id = :id""",
        new=shed, id=hands.ids["site"],
    )  # fmt: skip
    sites.refresh_checks(hands.session, [UUID(shed)], day_number(hands.today))

    def visited() -> None:
        hands.sql("UPDATE visit SET site_id = :new WHERE id = :visit", new=shed, visit=hands.ids["visit"])
        sites.refresh_checks(hands.session, [UUID(shed)], day_number(hands.today))

    return visited


def overdue_site(hands: Hands) -> Mend:
    hands.sql("UPDATE visit SET day = day - 40 WHERE id = :id", id=hands.ids["visit"])
    hands.check()

    def visited() -> None:
        hands.sql("UPDATE visit SET day = day + 40 WHERE id = :id", id=hands.ids["visit"])
        hands.check()

    return visited


def unseen_tenancy(hands: Hands) -> Mend:
    hands.sql("UPDATE visit_tenancy SET seen = false WHERE visit_id = :id", id=hands.ids["visit"])
    hands.check()

    def seen() -> None:
        hands.sql("UPDATE visit_tenancy SET seen = true WHERE visit_id = :id", id=hands.ids["visit"])
        hands.check()

    return seen


def new_tenancy(hands: Hands) -> Mend:
    tenancy = _add_tenancy(hands, hands.today)
    _check_before_letting(hands, tenancy)
    hands.check()

    def seen() -> None:
        hands.sql("UPDATE visit SET day = :day WHERE id = :id", day=day_number(hands.today), id=hands.ids["visit"])
        _see(hands, tenancy)
        hands.check()

    return seen


def unchecked_tenancy(hands: Hands) -> Mend:
    tenancy = _add_tenancy(hands, hands.today - timedelta(days=100))
    _see(hands, tenancy)
    hands.check()

    def checked() -> None:
        _check_before_letting(hands, tenancy)
        hands.check()

    return checked


def failed_check(hands: Hands) -> Mend:
    _check_before_letting(hands, hands.ids["tenancy"], "failed")
    hands.check()

    def passed() -> None:
        _check_before_letting(hands, hands.ids["tenancy"])
        hands.check()

    return passed


def _add_tenancy(hands: Hands, started_on: date) -> str:
    tenancy = str(uuid4())
    hands.sql(
        """INSERT INTO tenancy (id, site_id, tenant_name, sublets, started_on, created_by)
        VALUES (:id, :site, '乙加工厂', 'none', :day, 'test')""",
        id=tenancy, site=hands.ids["site"], day=started_on,
    )  # fmt: skip
    return tenancy


def _see(hands: Hands, tenancy: str) -> None:
    hands.sql("INSERT INTO visit_tenancy VALUES (:visit, :id, true)", visit=hands.ids["visit"], id=tenancy)


def _check_before_letting(hands: Hands, tenancy: str, result: str = "passed") -> None:
    for aspect in ("structure", "fire", "special_equipment"):
        hands.sql(
            """INSERT INTO pre_lease_check (id, tenancy_id, aspect, result, checked_by, checked_on, recorded_by,
                recorded_at)
            VALUES (gen_random_uuid(), :id, :aspect, :result, '住建局', :day, 'test', clock_timestamp())""",
            id=tenancy, aspect=aspect, result=result, day=hands.today,
        )  # fmt: skip


def lead(changes: dict[str, Any], mended: str) -> Planting:
    def plant(hands: Hands) -> Mend:
        lon, lat = place(*village.SITE)
        stated = {"lon": lon, "lat": lat, "site": hands.ids["site"], "deadline": hands.today, "path": PATH}
        values = {**stated, "grid": GRID_1, "datum": "WGS-84", "id": str(uuid4()), **changes}
        if values["deadline"] == "past":
            values["deadline"] = hands.today - timedelta(days=1)
        hands.sql(
            """INSERT INTO lead (id, source, what, geom, datum, unit_path, grid_code, made_at, content_digest, answer,
                number, deadline, site_id, assigned_to)
            VALUES (:id, 'hotline', 'smell', ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), :lat), 4326), :datum,
                CAST(:path AS ltree), :grid, now(), ''::bytea, '{}', 'R-1', :deadline, CAST(:site AS uuid), 'W2')""",
            **values,
        )
        return lambda: _run(hands, f"UPDATE lead SET {mended} WHERE id = :id", {**hands.ids, "id": values["id"]})  # noqa: S608

    return plant


def baseline(hands: Hands) -> Mend:
    kept = str(uuid4())
    lon, lat = place(*village.SITE)
    hands.sql(
        """INSERT INTO baseline (id, name, kind, department, as_of, unit_code, unit_path, file_name, file_digest,
            mapping, report, state, row_count, created_by)
        VALUES (:id, '市场主体名单', 'market_register', '市场监管局', :today, :unit, CAST(:path AS ltree), 'a.xlsx',
            ''::bytea, '{}', '{}', 'ready', 1, 'test')""",
        id=kept, today=hands.today, unit=VILLAGE, path=PATH,
    )  # fmt: skip
    hands.sql(
        """INSERT INTO baseline_row (baseline_id, row_number, name, uscc_valid, place, unit_path, grid_code, extra)
        VALUES (:id, 2, '丙电镀厂', false, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), CAST(:path AS ltree), :grid,
            '{}')""",
        id=kept, lon=lon, lat=lat, path=PATH, grid=GRID_1,
    )  # fmt: skip
    return lambda: hands.sql(
        """UPDATE baseline_row SET state = 'matched', site_id = :site, decided_by = 'test' WHERE baseline_id = :id""",
        site=hands.ids["site"], id=kept,
    )  # fmt: skip


def case(state: str, deadline_in: int, mended: str) -> Planting:
    def plant(hands: Hands) -> Mend:
        case = str(uuid4())
        lon, lat = place(*village.SITE)
        today = hands.today
        closed = today - timedelta(days=40) if state == "closed" else None
        hands.sql(
            """INSERT INTO case_file (id, number, party_name, category, unit_code, unit_path, grid_code, address, place,
                source_datum, description, found_on, deadline, state, closed_on, content_digest, created_by)
            VALUES (:id, 'A-1', '黑作坊', 'plating', :unit, CAST(:path AS ltree), :grid, '某处',
                ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 'WGS-84', '无证电镀', :found, :deadline, :state, :closed,
                ''::bytea, 'test')""",
            id=case, unit=VILLAGE, path=PATH, grid=GRID_1, lon=lon, lat=lat, found=today - timedelta(days=60),
            deadline=today + timedelta(days=deadline_in), state=state, closed=closed,
        )  # fmt: skip
        return lambda: _prove(hands, case) if mended == "prove" else hands.sql(mended, id=case)

    return plant


def missed_look_back(hands: Hands) -> Mend:
    case("closed", 10, "")(hands)
    found = str(hands.scalar("SELECT id FROM case_file"))
    _prove(hands, found)
    hands.sql(
        "INSERT INTO look_back (id, case_id, round, due_on) VALUES (gen_random_uuid(), :id, 0, :due)",
        id=found, due=hands.today - timedelta(days=1),
    )  # fmt: skip
    return lambda: hands.sql("UPDATE look_back SET done_on = due_on, result = 'clean', by_name = 'test'")


def _prove(hands: Hands, case: str) -> None:
    scan = str(uuid4())
    hands.sql(
        """INSERT INTO case_attachment (id, case_id, file_name, media_type, digest, byte_count, what, added_by)
        VALUES (:scan, :id, 'a.jpg', 'image/jpeg', ''::bytea, 1, '照片', 'test')""",
        scan=scan, id=case,
    )  # fmt: skip
    for item in ("water", "power", "equipment", "premises", "materials"):
        values = {"id": case, "item": item}
        hands.sql("INSERT INTO closure_item VALUES (:id, 0, :item, :day, NULL, 'test')", day=hands.today, **values)
        hands.sql("INSERT INTO closure_evidence VALUES (:id, 0, :item, :scan)", scan=scan, **values)


def finding(kind: str) -> Planting:
    return sql(
        f"""WITH found AS (INSERT INTO finding (evidence_id, kind, facts) VALUES (:patrol_0, '{kind}', '{{}}'))
        UPDATE evidence SET review = 'open' WHERE id = :patrol_0""",  # noqa: S608
        "UPDATE evidence SET review = 'accepted' WHERE id = :patrol_0",
    )


def changed_after_signature(hands: Hands) -> Mend:
    last = hands.today.replace(day=1) - timedelta(days=1)
    hands.sign(VILLAGE, last.replace(day=1), last, "superseded")
    return lambda: hands.sign(VILLAGE, last.replace(day=1), last)


def spoilt_tile(hands: Hands) -> Mend:
    own = hands.session.execute(text("SELECT x, y, days FROM day_tile WHERE kind = 'tracked' LIMIT 1")).one()
    hands.sql("DELETE FROM day_tile WHERE x = :x AND y = :y AND kind = 'tracked'", x=own.x, y=own.y)
    return lambda: verify.rebuild(hands.session)


def broken_chain(hands: Hands) -> Mend:
    entry = hands.sign(OTHER, hands.today - timedelta(days=400), hands.today - timedelta(days=390))
    own = hands.scalar("SELECT document FROM chain_entry WHERE id = :id", id=entry)
    told = json.loads(own)
    told["body"] = {"test": False}
    hands.sql("ALTER TABLE chain_entry DISABLE TRIGGER chain_entry_append_only")
    change = "UPDATE chain_entry SET document = :document WHERE id = :id"
    hands.sql(change, document=json.dumps(told), id=entry)
    return lambda: hands.sql(change, document=own, id=entry)


def children(state: str | None) -> Planting:
    """The village's neighbour has signed; the village's own signature is missing, or what changed has overtaken it."""

    def plant(hands: Hands) -> Mend:
        first = hands.today.replace(day=1)
        hands.sign(OTHER, first, hands.today)
        if state:
            hands.sign(VILLAGE, first, hands.today, state)
        return lambda: hands.sign(VILLAGE, first, hands.today)

    return plant
