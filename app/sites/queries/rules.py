"""What a visit must be to count, how a site stands, and what is left out: the one definition, as parts of statements.

Names: s site, c site_check, v its latest visit that counts, su its stated unit, t tenancy, l a tenancy's last look
(`day`), k its checks before letting (`aspects`, `failed_on`). Parameters are those of `app.sites.days.asked`.
"""

from app.scope import GRIDS
from app.sites.schemas.codes import SITE_OMISSIONS, STATES, TENANCY_OMISSIONS

EPOCH = "DATE '2000-01-01'"
ON, DAY = "CAST(:on AS date)", "CAST(:day AS integer)"
VISIT_COUNTS = "v.state = 'accepted' AND v.result <> 'not_entered'"
CYCLE = """COALESCE(s.cycle_days, CASE s.risk WHEN 'high' THEN CAST(:cycle_high AS integer)
    WHEN 'medium' THEN CAST(:cycle_medium AS integer) WHEN 'low' THEN CAST(:cycle_low AS integer)
    ELSE CAST(:cycle_strictest AS integer) END)"""
STATE = f"""CASE WHEN c.last_visit_day IS NULL THEN 'never'
    WHEN {DAY} - c.last_visit_day >= {CYCLE} THEN 'overdue'
    WHEN c.checked_day IS NULL OR {DAY} - c.checked_day >= {CYCLE} THEN 'incomplete'
    WHEN {DAY} + CAST(:due_days AS integer) - c.checked_day >= {CYCLE} THEN 'due'
    ELSE 'checked' END"""
URGENCY = f"ARRAY[{', '.join(repr(state) for state in STATES)}]"
CURRENT = f"t.started_on <= {ON} AND (t.ended_on IS NULL OR t.ended_on > {ON})"
IN_SCOPE = GRIDS.format(path="s.unit_path", grid="s.grid_code")

LAST_LOOK = f"""LEFT JOIN LATERAL (
        SELECT max(v.day) AS day FROM visit_tenancy a JOIN visit v ON v.id = a.visit_id
        WHERE a.tenancy_id = t.id AND a.seen AND {VISIT_COUNTS} AND v.day <= {DAY}
    ) l ON true"""  # noqa: S608
LATEST_CHECKS = f"""LEFT JOIN LATERAL (
        SELECT count(*) AS aspects, min(p.checked_on) FILTER (WHERE p.result = 'failed') AS failed_on
        FROM (SELECT DISTINCT ON (q.aspect) q.result, q.checked_on FROM pre_lease_check q
              WHERE q.tenancy_id = t.id AND q.checked_on <= {ON}
              ORDER BY q.aspect, q.checked_on DESC, q.recorded_at DESC, q.id DESC) p
    ) k ON true"""  # noqa: S608

_NEW = f"(c.last_visit_day IS NOT NULL AND {EPOCH} + c.last_visit_day < t.started_on)"
_UNKNOWN = "CAST(NULL AS date)"
# kind: (when it holds, the day it began)
SITE_RULES = {
    "no_place": ("s.place IS NULL", "s.located_on"),
    "in_no_grid": ("s.place IS NOT NULL AND s.grid_code IS NULL", "s.located_on"),
    "outside_stated_unit": (
        "s.place IS NOT NULL AND (s.unit_code IS NULL OR NOT s.unit_path <@ su.path)",
        "s.located_on",
    ),
    "never_visited": ("c.last_visit_day IS NULL", "CAST(s.created_at AT TIME ZONE :zone AS date)"),
    "overdue": (
        f"c.last_visit_day IS NOT NULL AND {DAY} - COALESCE(c.checked_day, c.last_visit_day) >= {CYCLE}",
        f"{EPOCH} + COALESCE(c.checked_day, c.last_visit_day) + {CYCLE}",
    ),
    "visited_from_afar": (
        "v.id IS NOT NULL AND (v.position IS NULL OR v.distance_m > 100 + COALESCE(v.position_accuracy_m, 0))",
        f"{EPOCH} + v.day",
    ),
    "dust_unconfirmed": ("s.dust_kind IS NOT NULL AND s.dust_confirmed_on IS NULL", _UNKNOWN),
    "no_safety_officer": ("s.dust_kind IS NOT NULL AND s.safety_officer IS NULL", _UNKNOWN),
}
TENANCY_RULES = {
    "never_seen": (f"l.day IS NULL AND NOT {_NEW}", "t.started_on"),
    "new_since_last_visit": (f"l.day IS NULL AND {_NEW}", "t.started_on"),
    "sublet_unknown": ("t.sublets = 'unknown'", "t.started_on"),
    "lease_without_check": ("k.aspects < 3", "COALESCE(t.lease_from, t.started_on)"),
    "let_despite_failed_check": ("k.failed_on IS NOT NULL", "GREATEST(k.failed_on, t.started_on)"),
    "lease_expired": (f"t.lease_to < {ON}", "t.lease_to + 1"),
    "reported_only": ("t.state = 'reported'", "t.started_on"),
}
if SITE_RULES.keys() != SITE_OMISSIONS.keys() or TENANCY_RULES.keys() != TENANCY_OMISSIONS.keys():
    raise RuntimeError("every omission needs a rule and a name")


def _values(rules: dict[str, tuple[str, str]]) -> str:
    return ", ".join(f"('{kind}', COALESCE({holds}, false), {since})" for kind, (holds, since) in rules.items())


# To be joined; columns kind, holds, since.
SITE_LEFT_OUT = f"CROSS JOIN LATERAL (VALUES {_values(SITE_RULES)}) o (kind, holds, since)"
TENANCY_LEFT_OUT = f"CROSS JOIN LATERAL (VALUES {_values(TENANCY_RULES)}) o (kind, holds, since)"
OF_SITE = """site s
    LEFT JOIN site_check c ON c.site_id = s.id
    LEFT JOIN unit su ON su.code = s.stated_unit_code
    LEFT JOIN visit v ON v.id = c.last_visit_id"""
# Whether a site, or a tenancy in it, has an omission of a kind.
HAS = {kind: f"COALESCE({holds}, false)" for kind, (holds, _) in SITE_RULES.items()} | {
    kind: f"COALESCE(c.tenancy_omissions @> ARRAY['{kind}'], false)" for kind in TENANCY_RULES
}
SITE_COUNT = " + ".join(f"CAST(COALESCE({holds}, false) AS integer)" for holds, _ in SITE_RULES.values())
COUNT = f"({SITE_COUNT} + COALESCE(cardinality(c.tenancy_omissions), 0))"
