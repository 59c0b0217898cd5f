"""Ground that nobody looked at, told by coverage."""

from app.coverage import service as coverage
from app.determination.kinds import of_category
from app.determination.sources.asking import Source
from app.determination.sources.features import told_by

SOURCES: tuple[Source, ...] = (
    told_by(
        [kind for kind in of_category("ground") if kind != "exclusion_waiting"],
        coverage.ground_counts,
        coverage.ground_omissions,
    ),
)
