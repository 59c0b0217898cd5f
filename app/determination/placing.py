"""A place for everything that is left out: what has none of its own is shown where its record or its unit lies."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.determination.queries import places
from app.omitted import Omitted

_ROUGH = "place_is_rough"


def placed(session: Session, found: Sequence[Omitted]) -> list[Omitted]:
    """With lon and lat wherever anything is known; only what lies outside of all units stays without."""
    bare = [each for each in found if each.lon is None]
    records = places.of_records(session, [_record(each) for each in bare if _is_record(each)]) if bare else {}
    units = places.of_units(session, {each.unit_path for each in bare if each.unit_path}) if bare else {}
    told = []
    for each in found:
        exact = records.get(_record(each)) if _is_record(each) and each.lon is None else None
        rough = units.get(each.unit_path or "")
        if each.lon is not None:
            told.append(each)
        elif exact is not None:
            told.append(each._replace(lon=exact[0], lat=exact[1]))
        elif rough is not None:
            told.append(each._replace(lon=rough[0], lat=rough[1], facts={**(each.facts or {}), _ROUGH: True}))
        else:
            told.append(each)
    return told


def is_rough(omitted: Omitted) -> bool:
    """Whether a point of its unit stands for the place."""
    return bool((omitted.facts or {}).get(_ROUGH))


def _is_record(omitted: Omitted) -> bool:
    return omitted.subject.startswith("evidence:")


def _record(omitted: Omitted) -> UUID:
    return UUID(omitted.subject.partition(":")[2])
