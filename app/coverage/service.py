"""What other features and the edges ask of coverage; each decision lives in the module it is taken from."""

from app.coverage.carried import CarriedGrid, carried
from app.coverage.due import falling_out
from app.coverage.following import unit_verify
from app.coverage.ground import ground_counts, ground_omissions, look_into_all
from app.coverage.history import share_history
from app.coverage.ingest.apply import apply_looks, replace_passings, store_passings, withdraw
from app.coverage.ingest.repaint import repaint
from app.coverage.looked import looked_at
from app.coverage.proving import differing_passings
from app.coverage.queries.looks import lock_shared as lock_for_looks
from app.coverage.raster import CLASSES as FRESHNESS_CLASSES
from app.coverage.raster import COLOURS as FRESHNESS_COLOURS
from app.coverage.raster import freshness_etag, freshness_png, freshness_tile
from app.coverage.reading import blind_spots, grid_coverage, grid_shares, unit_coverage, values
from app.coverage.since import SeenSince, blind_cells, seen_since
from app.coverage.status import status
from app.coverage.verify import differing_looks, rebuild, verify

__all__ = [
    "FRESHNESS_CLASSES",
    "FRESHNESS_COLOURS",
    "CarriedGrid",
    "SeenSince",
    "apply_looks",
    "blind_cells",
    "blind_spots",
    "carried",
    "differing_looks",
    "differing_passings",
    "falling_out",
    "freshness_etag",
    "freshness_png",
    "freshness_tile",
    "grid_coverage",
    "grid_shares",
    "ground_counts",
    "ground_omissions",
    "lock_for_looks",
    "look_into_all",
    "looked_at",
    "rebuild",
    "repaint",
    "replace_passings",
    "seen_since",
    "share_history",
    "status",
    "store_passings",
    "unit_coverage",
    "unit_verify",
    "values",
    "verify",
    "withdraw",
]
