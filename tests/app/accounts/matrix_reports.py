"""The rights matrix of reports: forms, efforts, lists taken in, lists given out."""

from tests.app.accounts.asks import Ask, Body, Line
from tests.support import seeding

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21
_MARCH = "&first_day=2026-03-01&last_day=2026-03-31"


def effort(name: str, unit: str) -> Body:
    """The effort of a unit on some days."""
    days = {"first_day": "2026-01-01", "last_day": "2026-01-07"}
    return lambda names: {"id": names[name], "unit_code": unit, "teams": 1, "person_times": 2, **days}


def problem_list(unit: str) -> Body:
    """A list of problems of a unit, as towns have kept it."""
    text = "问题单位名称,详细地址,问题具体描述,小冶炼\n某作坊,一组,熔炼,√\n"
    stated = {"form": "F1", "unit": unit, "as_of": "2026-01-01", "deadline": "2026-02-01"}
    return lambda _names: (stated, ("清单.csv", text.encode()))


REPORTS: dict[str, Line] = {
    "GET /api/reports/units": Line(
        "reports.read", Ask(f"/api/reports/units?unit={IN}"), Ask(f"/api/reports/units?unit={OUT}"), hides=("南桥", OUT)
    ),
    "GET /api/reports/efforts": Line(
        "reports.read", Ask(f"/api/reports/efforts?unit={IN}"), Ask(f"/api/reports/efforts?unit={OUT}")
    ),
    "POST /api/reports/efforts": Line(
        "reports.manage",
        Ask("/api/reports/efforts", effort("effort_in", IN)),
        Ask("/api/reports/efforts", effort("nothing", OUT)),
    ),
    "POST /api/reports/efforts/{effort_id}/withdrawal": Line(
        "reports.manage",
        Ask("/api/reports/efforts/{effort_in}/withdrawal", lambda _names: {"why": "核实"}),
        Ask("/api/reports/efforts/{effort_out}/withdrawal", lambda _names: {"why": "核实"}),
    ),
    "POST /api/reports/imports/preview": Line(
        "reports.manage",
        Ask("/api/reports/imports/preview", files=problem_list(IN)),
        Ask("/api/reports/imports/preview", files=problem_list(OUT)),
    ),
    "POST /api/reports/imports": Line(
        "reports.manage",
        Ask("/api/reports/imports", files=problem_list(IN)),
        Ask("/api/reports/imports", files=problem_list(OUT)),
    ),
    "GET /api/reports/{form}.xlsx": Line(
        "reports.read", Ask(f"/api/reports/F1.xlsx?unit={IN}{_MARCH}"), Ask(f"/api/reports/F1.xlsx?unit={OUT}{_MARCH}")
    ),
    "GET /api/reports/{form}": Line(
        "reports.read", Ask(f"/api/reports/F2?unit={IN}{_MARCH}"), Ask(f"/api/reports/F2?unit={OUT}{_MARCH}")
    ),
    "GET /api/exports/{name}.{kind}": Line(
        "reports.read",
        Ask(f"/api/exports/leads.csv?unit={IN}"),
        Ask(f"/api/exports/leads.csv?unit={OUT}"),
        hides=("lead_out",),
    ),
}
