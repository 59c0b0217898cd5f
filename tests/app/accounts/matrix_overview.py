"""The rights matrix of the overview."""

from tests.app.accounts.asks import Ask, Line
from tests.support import seeding

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21

OVERVIEW: dict[str, Line] = {
    "GET /api/overview": Line(
        "determination.read",
        Ask(f"/api/overview?unit={IN}"),
        Ask(f"/api/overview?unit={OUT}"),
        shows=("柳树",),
        hides=("清水",),
    ),
    "GET /api/units/{code}/trend": Line(
        "coverage.read",
        Ask(f"/api/units/{IN}/trend"),
        Ask(f"/api/units/{OUT}/trend"),
        officers=Ask("/api/grids/{grid_in}/coverage"),  # who has grids and no unit
    ),
}
