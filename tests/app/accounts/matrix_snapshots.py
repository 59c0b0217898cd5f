"""The rights matrix of snapshots."""

from tests.app.accounts.asks import Ask, Line
from tests.support import seeding

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21

SNAPSHOTS: dict[str, Line] = {
    "GET /api/snapshots/{unit}.html": Line(
        "determination.read",
        Ask(f"/api/snapshots/{IN}.html"),
        Ask(f"/api/snapshots/{OUT}.html"),
        shows=("柳树",),
        hides=("清水",),
    ),
    "GET /api/snapshots/{unit}.pdf": Line(
        "determination.read", Ask(f"/api/snapshots/{IN}.pdf"), Ask(f"/api/snapshots/{OUT}.pdf")
    ),
}
