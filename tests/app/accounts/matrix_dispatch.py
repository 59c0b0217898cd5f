"""The lines of the rights matrix about orders (派单)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.app.accounts.asks import Ask, Body, Line


def new_order(site: str, officer: str) -> Body:
    """An order to an officer about a site; a new one each time it is asked for."""

    def body(names: Any) -> dict[str, Any]:
        return {
            "id": str(uuid4()),
            "subject_kind": "site",
            "subject": f"site:{names[site]}",
            "officer_code": officer,
            "deadline": (datetime.now(UTC) + timedelta(days=5)).date().isoformat(),
        }

    return body


def _about(site: str) -> Body:
    return lambda names: {"subject_kind": "site", "subject": f"site:{names[site]}"}


def _note(_names: Any) -> dict[str, Any]:
    return {"step": "note", "version": 1, "words": "核实"}


DISPATCH: dict[str, Line] = {
    "POST /api/orders/draft": Line(
        "orders.manage",
        Ask("/api/orders/draft", _about("site_in")),
        Ask("/api/orders/draft", _about("site_out")),
    ),
    "POST /api/orders": Line(
        "orders.manage",
        Ask("/api/orders", new_order("site_in", "W1")),
        Ask("/api/orders", new_order("site_out", "W2")),
    ),
    "GET /api/orders": Line("orders.read", Ask("/api/orders"), shows=("order_in",), hides=("order_out",)),
    "GET /api/orders/{order_id}": Line("orders.read", Ask("/api/orders/{order_in}"), Ask("/api/orders/{order_out}")),
    "POST /api/orders/{order_id}/steps": Line(
        "orders.manage", Ask("/api/orders/{order_in}/steps", _note), Ask("/api/orders/{order_out}/steps", _note)
    ),
    "GET /api/field/orders": Line("records.send", Ask("/api/field/orders"), hides=("order_out",)),
    "POST /api/field/orders/{order_id}/seen": Line(
        "records.send", Ask("/api/field/orders/{nothing}/seen"), Ask("/api/field/orders/{order_out}/seen")
    ),
}
