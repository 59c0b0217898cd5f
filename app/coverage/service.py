"""What other features and the edges ask of coverage; each decision lives in the module it is taken from."""

from app.coverage.carried import CarriedGrid, carried
from app.coverage.due import falling_out
from app.coverage.ingest.apply import apply_looks, withdraw
from app.coverage.ingest.repaint import repaint
from app.coverage.looked import looked_at
from app.coverage.queries.looks import lock_shared as lock_for_looks
from app.coverage.raster import CLASSES as FRESHNESS_CLASSES
from app.coverage.raster import COLOURS as FRESHNESS_COLOURS
from app.coverage.raster import freshness_etag, freshness_png, freshness_tile
from app.coverage.reading import blind_spots, grid_coverage, grid_shares, unit_coverage, values
from app.coverage.status import status
from app.coverage.verify import differing_looks, rebuild, verify

__all__ = [
    "FRESHNESS_CLASSES",
    "FRESHNESS_COLOURS",
    "CarriedGrid",
    "apply_looks",
    "blind_spots",
    "carried",
    "differing_looks",
    "falling_out",
    "freshness_etag",
    "freshness_png",
    "freshness_tile",
    "grid_coverage",
    "grid_shares",
    "lock_for_looks",
    "looked_at",
    "rebuild",
    "repaint",
    "status",
    "unit_coverage",
    "values",
    "verify",
    "withdraw",
]
