"""What the edges and other features ask of snapshots."""

from datetime import date
from threading import BoundedSemaphore
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import InvalidInputError
from app.scope import Scope
from app.settings import Settings
from app.snapshots import drawing, facts, freshness, printing, shapes
from app.territory import service as territory

__all__ = ["Saved", "as_html", "as_pdf", "map_svg"]

MOST_POINTS, MOST_PAGE_POINTS = 250_000, 120_000
MOST_PAGE_SPOTS = 200
PAGE_PIXELS = 4_096 * 4_096
SMALLEST_MM, LARGEST_MM = 60.0, 900.0
# A city's takes some hundred megabytes and a core.
_AT_ONCE = BoundedSemaphore(2)


class Saved(NamedTuple):
    """Something to be kept: its content, name and type."""

    content: bytes
    name: str
    media_type: str


def map_svg(
    session: Session, settings: Settings, scope: Scope, unit: str, on: date, size_mm: tuple[float, float]
) -> bytes:
    """The map of a unit (its code) on a local day as SVG of a size in mm, for paper.

    Freshness, outlines, names, scale, north and legend. For typst's `image`; its fonts are the system's.
    Raises NotFoundError, ForbiddenError, InvalidInputError.
    """
    width_mm, height_mm = size_mm
    if not all(SMALLEST_MM <= length <= LARGEST_MM for length in size_mm):
        raise InvalidInputError(f"图幅边长应在 {SMALLEST_MM:g} 到 {LARGEST_MM:g} 毫米之间。")
    row = territory.unit_in_scope(session, scope, unit)
    day = facts.checked_day(settings, on)
    ground = shapes.ground(session, row, day, MOST_POINTS)
    sheet = drawing.sheet_for(ground, width_mm, height_mm - drawing.legend_mm(width_mm))
    seen = freshness.for_sheet(session, settings, row, ground, day, sheet)
    return drawing.freshness_map(ground, sheet, seen, with_legend=True)


def as_html(session: Session, settings: Settings, actor: Actor, unit: str, on: date | None = None) -> Saved:
    """One HTML file of a unit (its code) on a local day, today if none, that opens without a network.

    Sites and cases are in it as far as the actor may read them. Raises NotFoundError, ForbiddenError or
    InvalidInputError. What was taken away is noted for the audit.
    """
    from app.snapshots import page  # only here: folium takes as long to load as the rest of a feature

    with _AT_ONCE:
        told = facts.gather(session, settings, actor, unit, on, MOST_PAGE_POINTS, MOST_PAGE_SPOTS)
        shape = told.ground.own.shape
        seen = freshness.picture(session, settings, told.unit, shape, told.on, 0.0, PAGE_PIXELS)
        content = page.page(told, seen, settings.map_approval)
    return _saved(actor, told, content, "html", "text/html; charset=utf-8")


def as_pdf(session: Session, settings: Settings, actor: Actor, unit: str, on: date | None = None) -> Saved:
    """The map on A3 with its table as PDF. Asked for, refused and noted as `as_html`."""
    with _AT_ONCE:
        told = facts.gather(session, settings, actor, unit, on, MOST_POINTS, printing.MOST_SPOTS, with_places=False)
        sheet = drawing.sheet_for(told.ground, *printing.map_mm(len(told.cover.children)))
        seen = freshness.for_sheet(session, settings, told.unit, told.ground, told.on, sheet)
        content = printing.pdf(told, sheet, seen, settings.map_approval)
    return _saved(actor, told, content, "pdf", "application/pdf")


def _saved(actor: Actor, told: facts.Facts, content: bytes, ending: str, media_type: str) -> Saved:
    name = f"{told.unit.code}-{told.on.isoformat()}.{ending}"
    actor.facts["download"] = name
    return Saved(content, name, media_type)
