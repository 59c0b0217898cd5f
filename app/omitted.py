"""What is left out, in the one shape that every feature tells it in and the determination gathers."""

from datetime import date
from typing import Any, NamedTuple

# For WHERE: at or below the unit of `:path`, or outside of all units, which the topmost ones answer for: else nobody
# would.
BELOW_OR_OUTSIDE = """({path} <@ CAST(:path AS ltree) OR ({path} IS NULL AND EXISTS (
    SELECT FROM unit root WHERE root.path = CAST(:path AS ltree) AND root.parent_code IS NULL)))"""


class Omitted(NamedTuple):
    """One thing left out.

    `subject` names it for good, as "kind:key" ("site:<id>", "grid:<code>"); with `kind` it occurs once in a list.
    `unit_path`: the smallest unit it belongs to, None outside of all units. `officer_code`: who is responsible if not
    the officer of `grid_code`. `since`: the local day it began, None when unknown. WGS-84 degrees; `area_m2` of ground,
    None of what has none. `page`: where in the product it is mended, a path of this server.
    """

    kind: str
    subject: str
    name: str
    unit_path: str | None
    page: str
    grid_code: str | None = None
    officer_code: str | None = None
    since: date | None = None
    lon: float | None = None
    lat: float | None = None
    area_m2: float | None = None
    facts: dict[str, Any] | None = None


class OmittedCount(NamedTuple):
    """How many of a kind at one unit (None: outside of all), with their ground in m2 where they have any."""

    kind: str
    unit_path: str | None
    number: int
    area_m2: float | None = None
