"""One of every kind of omission: how it comes about, and what the list must then say of it."""

from typing import Any, NamedTuple

from tests.app.determination.omissions import planting
from tests.app.determination.omissions.planting import Planting
from tests.app.determination.village import GRID_1, OTHER, PATH, TOWN, VILLAGE, ground


class Plant(NamedTuple):
    """One kind."""

    kind: str
    plant: Planting
    unit: str = VILLAGE  # whose signature it blocks
    at: str = PATH  # the smallest unit it belongs to
    grid: str | None = None
    officer: str | None = None
    is_rough: bool = False  # shown at its unit, since nobody knows where it is


_ON_SITE: dict[str, Any] = {"grid": GRID_1, "officer": "王建国"}
_WIDE = ground(0.0, 0, 1.2)
PLANTS = (
    Plant("nobodys_land", lambda hands: hands.shape(ground(0.2, 0, 0.8))),
    Plant("overlap", lambda hands: hands.shape(_WIDE), **_ON_SITE),
    Plant("sliver", lambda hands: hands.shape(ground(0.005, 0, 0.995)), grid=None),
    Plant("grid_outside", lambda hands: hands.shape(ground(-0.2, 0, 1.2)), **_ON_SITE),
    Plant(
        "no_officer",
        planting.sql(
            "UPDATE grid_officer SET valid_to = :today WHERE grid_code = :grid",
            "INSERT INTO grid_officer VALUES (:grid, 'W2', :today)",
        ),
        grid=GRID_1,
    ),
    Plant(
        "no_cycle",
        planting.sql(
            "UPDATE grid SET risk = NULL WHERE code = :grid",
            "UPDATE grid SET risk = 'low' WHERE code = :grid",
        ),
        **_ON_SITE,
    ),
    Plant(
        "no_grids",
        planting.sql(
            "UPDATE grid SET valid_to = :today WHERE unit_code = :village",
            "UPDATE grid SET valid_to = NULL WHERE unit_code = :village",
        ),
    ),
    Plant("ground_never", planting.walked_otherwise(), **_ON_SITE),
    Plant("ground_stale", planting.walked_otherwise(days_ago=35), **_ON_SITE),
    Plant("ground_too_fast", planting.walked_otherwise(mode="vehicle", step_s=0.8), **_ON_SITE),
    Plant("ground_weak", planting.walked_otherwise(accuracy_m=(60.0, 90.0)), **_ON_SITE),
    Plant("ground_gap", planting.walked_otherwise(steps=2, step_s=120.0), **_ON_SITE),
    Plant("ground_declared", planting.declared, **_ON_SITE),
    Plant(
        "exclusion_waiting",
        planting.sql(
            f"""INSERT INTO exclusion (code, kind, effect, name, reason, state, requested_by, geom, area_m2,
                source_datum, valid_from)
            SELECT 'X9', 'water', 'excluded', '清水塘', '水面', 'requested', '村委会', g, ST_Area(g::geography),
                'WGS-84', :today
            FROM ST_Multi(ST_GeomFromText('{ground(0.3, 0.3, 0.2, 0.2).wkt}', 4326)) AS g""",  # noqa: S608
            "UPDATE exclusion SET state = 'refused', decided_by = '镇', decided_at = now()",
        ),
        **_ON_SITE,
    ),
    Plant(
        "site_no_place",
        lambda hands: hands.site("point = NULL; source_datum = NULL; grid_code = NULL"),
        is_rough=True,
    ),
    Plant("site_in_no_grid", lambda hands: hands.site("grid_code = NULL")),
    Plant("site_outside_stated_unit", lambda hands: hands.site(f"stated_unit_code = '{OTHER}'"), **_ON_SITE),
    Plant("site_never_visited", planting.never_visited, **_ON_SITE),
    Plant("site_overdue", planting.overdue_site, **_ON_SITE),
    Plant(
        "site_visited_from_afar",
        planting.sql(
            "UPDATE visit SET distance_m = 900 WHERE id = :visit", "UPDATE visit SET distance_m = 0 WHERE id = :visit"
        ),
        **_ON_SITE,
    ),
    Plant(
        "site_dust_unconfirmed",
        lambda hands: hands.site("dust_kind = '铝镁粉尘'; safety_officer = '张三'"),
        **_ON_SITE,
    ),
    Plant(
        "site_no_safety_officer",
        lambda hands: hands.site(
            "dust_kind = '铝镁粉尘'; dust_confirmed_by = '应急局'; dust_confirmed_on = CURRENT_DATE"
        ),
        **_ON_SITE,
    ),
    Plant("tenancy_never_seen", planting.unseen_tenancy, **_ON_SITE),
    Plant("tenancy_new_since_last_visit", planting.new_tenancy, **_ON_SITE),
    Plant("tenancy_sublet_unknown", lambda hands: hands.tenancy("sublets = 'unknown'"), **_ON_SITE),
    Plant("tenancy_lease_without_check", planting.unchecked_tenancy, **_ON_SITE),
    Plant("tenancy_let_despite_failed_check", planting.failed_check, **_ON_SITE),
    Plant("tenancy_lease_expired", lambda hands: hands.tenancy("lease_to = CURRENT_DATE - 2"), **_ON_SITE),
    Plant("tenancy_reported_only", lambda hands: hands.tenancy("state = 'reported'"), **_ON_SITE),
    Plant("lead_unmatched", planting.lead({"site": None}, "site_id = :site"), grid=GRID_1, officer="李秀英"),
    Plant(
        "lead_unplaced",
        planting.lead({"lon": None, "lat": None, "datum": None, "grid": None}, "state = 'false'"),
        officer="李秀英",
        is_rough=True,
    ),
    Plant("lead_overdue", planting.lead({"deadline": "past"}, "state = 'true'"), grid=GRID_1, officer="李秀英"),
    Plant("baseline_unchecked", planting.baseline, **_ON_SITE),
    Plant(
        "case_overdue",
        planting.case("rectifying", -1, "UPDATE case_file SET deadline = deadline + 90 WHERE id = :id"),
        **_ON_SITE,
    ),
    Plant("case_closed_incomplete", planting.case("closed", 10, "prove"), **_ON_SITE),
    Plant("look_back_missed", planting.missed_look_back, **_ON_SITE),
    Plant("finding_copied_track", planting.finding("copied_track"), officer="王建国"),
    Plant("finding_photo_reused", planting.finding("photo_reused"), officer="王建国"),
    Plant("finding_unreviewed", planting.finding("jumps"), officer="王建国"),
    Plant("changed_after_signature", planting.changed_after_signature, is_rough=True),
    Plant("tile_not_following", planting.spoilt_tile),
    Plant("broken_chain", planting.broken_chain, is_rough=True),
    Plant("child_unsigned", planting.children(None), unit=TOWN, is_rough=True),
    Plant("child_superseded", planting.children("superseded"), unit=TOWN, is_rough=True),
)
