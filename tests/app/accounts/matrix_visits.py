"""The lines of the rights matrix about visits, and about what the field asks of sites and leads."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.app.accounts.asks import Ask, Body, Line


def shut_gate(site: str, officer: str = "W1") -> Body:
    """A visit of an officer's that found a site's gate locked; a new one each time it is asked for."""

    def body(names: Any) -> dict[str, Any]:
        return {
            "id": str(uuid4()),
            "site_id": names[site],
            "officer_code": officer,
            "visited_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
            "datum": "WGS-84",
            "position": None,
            "result": "not_entered",
            "not_entered_why": "locked",
        }

    return body


def _reason(_names: Any) -> dict[str, str]:
    return {"reason": "核实"}


VISITS: dict[str, Line] = {
    "POST /api/visits": Line(
        "records.send", Ask("/api/visits", shut_gate("site_in")), Ask("/api/visits", shut_gate("site_out"))
    ),
    "GET /api/visits/{visit_id}": Line("tracks.read", Ask("/api/visits/{visit_in}"), Ask("/api/visits/{visit_out}")),
    "POST /api/visits/{visit_id}/void": Line(
        "review.decide", Ask("/api/visits/{visit_in}/void", _reason), Ask("/api/visits/{visit_out}/void", _reason)
    ),
    "GET /api/field/leads": Line("records.send", Ask("/api/field/leads"), hides=("lead_out",)),
}
