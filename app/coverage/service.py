"""What other features and the edges ask of coverage; each decision lives in the module it is taken from."""

from app.coverage.ingest.apply import apply_looks, withdraw
from app.coverage.ingest.repaint import repaint
from app.coverage.queries.looks import lock_shared as lock_for_looks

__all__ = ["apply_looks", "lock_for_looks", "repaint", "withdraw"]
