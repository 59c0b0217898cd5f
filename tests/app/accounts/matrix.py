"""The table of the rights matrix: every route, the one right it needs, a request inside a scope and one outside.

Names in braces stand for records that `tests.app.accounts.stage` puts in: `…_in` inside village 11, whose officer is
W1, `…_out` inside village 21, whose officer is W2. A new route needs a line here.
"""

from typing import Any

from tests.app.accounts.asks import (
    Ask,
    Line,
    account,
    answer,
    entry,
    file,
    lead,
    mark,
    note,
    patrol,
    progress,
    readings,
    trace,
    webhook,
    words,
)
from tests.app.accounts.matrix_baselines import BASELINES
from tests.app.accounts.matrix_cases import CASES
from tests.app.accounts.matrix_determination import DETERMINATION
from tests.app.accounts.matrix_dispatch import DISPATCH
from tests.app.accounts.matrix_overview import OVERVIEW
from tests.app.accounts.matrix_reports import REPORTS
from tests.app.accounts.matrix_signing import SIGNING
from tests.app.accounts.matrix_sites import SITES
from tests.app.accounts.matrix_snapshots import SNAPSHOTS
from tests.app.accounts.matrix_submissions import SUBMISSIONS
from tests.app.accounts.matrix_supervision import SUPERVISION
from tests.app.accounts.matrix_visits import VISITS
from tests.support import seeding
from tests.support.phone import jpeg
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21
# What each role may, written here once more: the application's own table is what is tested.
_READING = (
    "own coverage.read tracks.read leads.read duty.read sites.read baselines.read cases.read reports.read"
    " determination.read orders.read supervision.read"
)
_VILLAGE = (
    f"{_READING} records.send review.decide leads.manage sites.manage baselines.manage cases.manage reports.manage"
    " orders.manage exceptions.request determination.sign"
)
_DECIDING = f"{_VILLAGE} exclusions.decide cases.strike_off exceptions.decide policy.set"
ROLES = {
    "officer": "own coverage.read sites.read records.send",
    "village": _VILLAGE,
    "town": _DECIDING,
    "county": _DECIDING,
    "city": _DECIDING,
    "leader": f"{_READING} orders.manage exceptions.request exceptions.decide policy.set determination.sign",
    "supervisor": f"{_READING} supervision.manage",
    "intake": "own coverage.read sites.read leads.read leads.manage reporters.read",
    "administrator": "own coverage.read territory.manage accounts.manage webhooks.manage audit.read",
}


def _line(right: str | None, path: str, **more: Any) -> Line:
    return Line(right, Ask(path), **more)


OWN = "only what is one's own"
GATE = "open to all: it says who is signed in, or lets somebody in"
DECISION = {"json": words}

TABLE: dict[str, Line] = {
    "GET /healthz": _line(None, "/healthz", elsewhere="says only that it is there"),
    "GET /api/session": _line(None, "/api/session", elsewhere=GATE),
    "POST /api/session": _line(None, "/api/session", elsewhere=GATE),
    "GET /api/oidc/start": _line(None, "/api/oidc/start", elsewhere=GATE),
    "GET /api/oidc/callback": _line(None, "/api/oidc/callback", elsewhere=GATE),
    "DELETE /api/session": _line("own", "/api/session", elsewhere=OWN),
    "POST /api/session/password": _line("own", "/api/session/password", elsewhere=OWN),
    "GET /api/sessions": _line("own", "/api/sessions", elsewhere=OWN),
    "DELETE /api/sessions": _line("own", "/api/sessions", elsewhere=OWN),
    "DELETE /api/sessions/{session_id}": _line("own", "/api/sessions/{nothing}", elsewhere=OWN),
    "GET /api/tokens": _line("own", "/api/tokens", elsewhere=OWN),
    "POST /api/tokens": _line("own", "/api/tokens", elsewhere="tests.app.accounts.test_tokens"),
    "DELETE /api/tokens/{token_id}": _line("own", "/api/tokens/{nothing}", elsewhere=OWN),
    "GET /api/me/data": _line("own", "/api/me/data", elsewhere=OWN),
    "GET /api/me/patrols/{patrol_id}": _line(
        "own", "/api/me/patrols/{nothing}", elsewhere="tests.app.accounts.test_own_data"
    ),
    "GET /api/accounts": _line(
        "accounts.manage", "/api/accounts?q=target", shows=("target-in",), hides=("target-out",)
    ),
    "POST /api/accounts": Line(
        "accounts.manage", Ask("/api/accounts", account(IN)), Ask("/api/accounts", account(OUT))
    ),
    "GET /api/accounts/{account_id}": Line(
        "accounts.manage", Ask("/api/accounts/{account_in}"), Ask("/api/accounts/{account_out}")
    ),
    "PATCH /api/accounts/{account_id}": Line(
        "accounts.manage",
        Ask("/api/accounts/{account_in}", lambda _names: {"phone": "1"}),
        Ask("/api/accounts/{account_out}", lambda _names: {"phone": "1"}),
    ),
    "POST /api/accounts/{account_id}/password": Line(
        "accounts.manage", Ask("/api/accounts/{account_in}/password"), Ask("/api/accounts/{account_out}/password")
    ),
    "DELETE /api/accounts/{account_id}/sessions": Line(
        "accounts.manage", Ask("/api/accounts/{account_in}/sessions"), Ask("/api/accounts/{account_out}/sessions")
    ),
    "GET /api/audit": _line("audit.read", "/api/audit?actor=target", shows=("target-in",), hides=("target-out",)),
    "GET /api/audit.csv": _line(
        "audit.read", "/api/audit.csv?actor=target", shows=("target-in",), hides=("target-out",)
    ),
    "GET /api/search": _line("coverage.read", "/api/search?q=网格&limit=20", shows=("柳树",), hides=("清水", "石桥")),
    "GET /api/defects": Line(
        "coverage.read", Ask(f"/api/defects?unit={IN}"), Ask(f"/api/defects?unit={OUT}"), officers=Ask("/api/defects")
    ),
    "POST /api/territory/imports": _line(
        "territory.manage", "/api/territory/imports", elsewhere="test_a_file_changes_no_ground_beyond_its_senders_scope"
    ),
    "GET /api/territory/imports/{batch}": _line(
        "territory.manage", "/api/territory/imports/{nothing}", elsewhere="its number is told to its sender only"
    ),
    "PUT /api/photos/{photo_id}": Line(
        "records.send",
        Ask("/api/photos/{new_photo}?officer_code=W1&{taken}", content=jpeg(1)),
        Ask("/api/photos/{new_other}?officer_code=W2&{taken}", content=jpeg(2)),
    ),
    "GET /api/photos/{photo_id}": _line("own", "/api/photos/{nothing}", elsewhere="tests.app.evidence"),
    "POST /api/patrols": Line(
        "records.send", Ask("/api/patrols", patrol("W1", 0.3, 2.5)), Ask("/api/patrols", patrol("W2", 0.3, 0.5))
    ),
    "POST /api/patrols/import": Line(
        "records.send", Ask("/api/patrols/import", files=file("W1")), Ask("/api/patrols/import", files=file("W2"))
    ),
    "GET /api/patrols": _line("tracks.read", "/api/patrols", shows=("patrol_in",), hides=("patrol_out", "W2")),
    "GET /api/patrols/{patrol_id}": Line(
        "tracks.read", Ask("/api/patrols/{patrol_in}"), Ask("/api/patrols/{patrol_out}")
    ),
    "POST /api/patrols/{patrol_id}/void": Line(
        "review.decide",
        Ask("/api/patrols/{voided_in}/void", lambda _names: {"reason": "核实"}),
        Ask("/api/patrols/{patrol_out}/void", lambda _names: {"reason": "核实"}),
    ),
    "GET /api/looked-at": Line(
        "coverage.read",
        Ask(f"/api/looked-at?lon={WEST + 0.3 * WIDTH}&lat={SOUTH + 2.5 * HEIGHT}"),
        Ask(f"/api/looked-at?lon={WEST + 0.3 * WIDTH}&lat={SOUTH + 0.5 * HEIGHT}"),
    ),
    "POST /api/marks": Line("records.send", Ask("/api/marks", mark("W1")), Ask("/api/marks", mark("W2"))),
    "GET /api/marks/{mark_id}": Line("tracks.read", Ask("/api/marks/{mark_in}"), Ask("/api/marks/{mark_out}")),
    "POST /api/marks/{mark_id}/void": Line(
        "review.decide",
        Ask("/api/marks/{mark_in}/void", lambda _names: {"reason": "核实"}),
        Ask("/api/marks/{mark_out}/void", lambda _names: {"reason": "核实"}),
    ),
    "POST /api/leads": Line("records.send", Ask("/api/leads", lead("W1")), Ask("/api/leads", lead("W2"))),
    "GET /api/leads": _line("leads.read", "/api/leads", shows=("lead_in",), hides=("lead_out",)),
    "GET /api/leads/{lead_id}": Line("leads.read", Ask("/api/leads/{lead_in}"), Ask("/api/leads/{lead_out}")),
    "GET /api/leads/{lead_id}/reporter": Line(
        "reporters.read", Ask("/api/leads/{lead_in}/reporter"), Ask("/api/leads/{lead_out}/reporter")
    ),
    "POST /api/leads/entries": Line(
        "leads.manage", Ask("/api/leads/entries", entry(IN)), Ask("/api/leads/entries", entry(OUT))
    ),
    "POST /api/leads/{lead_id}/steps": Line(
        "leads.manage", Ask("/api/leads/{lead_in}/steps", note), Ask("/api/leads/{lead_out}/steps", note)
    ),
    "POST /api/leads/power": Line(
        "leads.manage", Ask("/api/leads/power", files=readings(IN)), Ask("/api/leads/power", files=readings(OUT))
    ),
    "POST /api/leads/vehicles": Line(
        "leads.manage", Ask("/api/leads/vehicles", files=trace(IN)), Ask("/api/leads/vehicles", files=trace(OUT))
    ),
    "GET /api/tiles/leads/{z}/{x}/{y}.mvt": _line(
        "leads.read", "/api/tiles/leads/10/852/416.mvt", shows=("lead_in",), hides=("lead_out",)
    ),
    "GET /api/field/package": _line("records.send", "/api/field/package", hides=("清水", "site_out")),
    "GET /api/field/inbox": _line("records.send", "/api/field/inbox", hides=("patrol_out", "asked_out")),
    "POST /api/field/answers": Line(
        "records.send", Ask("/api/field/answers", lambda _names: {}), Ask("/api/field/answers", answer("asked_out"))
    ),
    "GET /api/field/records": _line(
        "records.send", "/api/field/records", hides=("patrol_out", "mark_out", "visit_out")
    ),
    "POST /api/field/progress": Line(
        "records.send",
        Ask("/api/field/progress", lambda _names: {}),
        Ask("/api/field/progress", progress("patrol_out")),
    ),
    "GET /api/status": _line("coverage.read", "/api/status", hides=("清水", "试验市")),
    "GET /api/units/{code}/coverage": Line(
        "coverage.read", Ask("/api/grids/{grid_in}/coverage"), Ask(f"/api/units/{OUT}/coverage")
    ),
    "GET /api/grids/{code}/coverage": Line(
        "coverage.read", Ask("/api/grids/{grid_in}/coverage"), Ask("/api/grids/{grid_out}/coverage")
    ),
    "GET /api/coverage/values": Line(
        "coverage.read",
        Ask(f"/api/coverage/values?level=grid&within={IN}"),
        Ask(f"/api/coverage/values?level=grid&within={OUT}"),
        officers=Ask("/api/coverage/values?level=grid"),
    ),
    "GET /api/blind-spots": Line(
        "coverage.read",
        Ask(f"/api/blind-spots?unit={IN}"),
        Ask(f"/api/blind-spots?unit={OUT}"),
        officers=Ask("/api/blind-spots?bbox=119.7,31.6,120.2,32"),
    ),
    "GET /api/units/{code}/children.geojson": Line(
        "coverage.read", Ask(f"/api/units/{IN}/children.geojson"), Ask(f"/api/units/{OUT}/children.geojson")
    ),
    "GET /api/review": _line("review.decide", "/api/review?state=open", hides=("open_out", "W2")),
    "GET /api/review/exclusions": _line("review.decide", "/api/review/exclusions", shows=("EX-IN",), hides=("EX-OUT",)),
    "POST /api/review/exclusions/{code}/approve": Line(
        "exclusions.decide",
        Ask("/api/review/exclusions/EX-YES/approve", **DECISION),
        Ask("/api/review/exclusions/EX-OUT/approve", **DECISION),
    ),
    "POST /api/review/exclusions/{code}/refuse": Line(
        "exclusions.decide",
        Ask("/api/review/exclusions/EX-NO/refuse", **DECISION),
        Ask("/api/review/exclusions/EX-OUT/refuse", **DECISION),
    ),
    "GET /api/review/{evidence_id}": Line(
        "review.decide", Ask("/api/review/{patrol_in}"), Ask("/api/review/{patrol_out}")
    ),
    "POST /api/review/{evidence_id}/accept": Line(
        "review.decide",
        Ask("/api/review/{open_in}/accept", **DECISION),
        Ask("/api/review/{open_out}/accept", **DECISION),
    ),
    "POST /api/review/{evidence_id}/void": Line(
        "review.decide", Ask("/api/review/{open_in}/void", **DECISION), Ask("/api/review/{open_out}/void", **DECISION)
    ),
    "POST /api/review/{evidence_id}/ask": Line(
        "review.decide", Ask("/api/review/{asked_in}/ask", **DECISION), Ask("/api/review/{open_out}/ask", **DECISION)
    ),
    "GET /api/live": _line("coverage.read", "/api/live", streams=True, elsewhere="tests.app.live.test_hub"),
    "GET /api/progress": _line("duty.read", "/api/progress", hides=("W2", "李秀英")),
    "GET /api/today": Line("duty.read", Ask(f"/api/today?unit={IN}"), Ask(f"/api/today?unit={OUT}"), hides=("李秀英",)),
    "GET /api/webhooks": _line("webhooks.manage", "/api/webhooks", shows=("群里",), hides=("群外",)),
    "POST /api/webhooks": Line(
        "webhooks.manage", Ask("/api/webhooks", webhook(IN)), Ask("/api/webhooks", webhook(OUT))
    ),
    "PATCH /api/webhooks/{webhook_id}": Line(
        "webhooks.manage",
        Ask("/api/webhooks/{webhook_in}", lambda _names: {"enabled": False}),
        Ask("/api/webhooks/{webhook_out}", lambda _names: {"enabled": False}),
    ),
    "DELETE /api/webhooks/{webhook_id}": Line(
        "webhooks.manage", Ask("/api/webhooks/{webhook_gone}"), Ask("/api/webhooks/{webhook_out}")
    ),
    "POST /api/webhooks/{webhook_id}/test": Line(
        "webhooks.manage", Ask("/api/webhooks/{webhook_in}/test"), Ask("/api/webhooks/{webhook_out}/test")
    ),
    "GET /api/tiles/epochs": _line("coverage.read", "/api/tiles/epochs", elsewhere="numbers of versions, of no place"),
    "GET /api/tiles/tracks/{z}/{x}/{y}.mvt": _line(
        "tracks.read", "/api/tiles/tracks/10/852/417.mvt", hides=("patrol_out",), elsewhere="tests.app.tiles"
    ),
    "GET /api/tiles/{layer}/{z}/{x}/{y}.mvt": _line(
        "coverage.read", "/api/tiles/grids/12/3411/1668.mvt", hides=(OUT,), elsewhere="tests.app.tiles"
    ),
    "GET /api/tiles/freshness/{z}/{x}/{y}.png": _line(
        "coverage.read",
        "/api/tiles/freshness/12/3411/1668.png",
        elsewhere="test_a_picture_of_ground_beyond_the_scope_is_blank",
    ),
}
TABLE |= BASELINES
TABLE |= CASES
TABLE |= DETERMINATION
TABLE |= DISPATCH
TABLE |= OVERVIEW
TABLE |= SNAPSHOTS
TABLE |= REPORTS
TABLE |= SIGNING
TABLE |= SITES
TABLE |= SUBMISSIONS
TABLE |= SUPERVISION
TABLE |= VISITS
