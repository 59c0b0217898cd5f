"""What the edges and other features ask of snapshots."""

from datetime import date

from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.scope import Scope
from app.settings import Settings
from app.snapshots import drawing, freshness, shapes
from app.territory import service as territory

__all__ = ["map_svg"]

MOST_POINTS = 250_000
SMALLEST_MM, LARGEST_MM = 40.0, 900.0


def map_svg(
    session: Session, settings: Settings, scope: Scope, unit: str, on: date, size_mm: tuple[float, float]
) -> bytes:
    """The map of a unit (its code) on a local day as SVG of a size in mm: freshness, outlines, names, scale, north.

    For typst's `image`; its fonts are the system's. Raises NotFoundError, ForbiddenError, InvalidInputError.
    """
    width_mm, height_mm = size_mm
    if not all(SMALLEST_MM <= length <= LARGEST_MM for length in size_mm):
        raise InvalidInputError(f"图幅边长应在 {SMALLEST_MM:g} 到 {LARGEST_MM:g} 毫米之间。")
    row = territory.unit_in_scope(session, scope, unit)
    ground = shapes.ground(session, row, on, MOST_POINTS)
    sheet = drawing.sheet_for(ground, width_mm, height_mm)
    seen = freshness.for_sheet(session, settings, row, ground, on, sheet)
    return drawing.freshness_map(ground, sheet, seen)
