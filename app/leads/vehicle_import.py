"""Traces of hazardous-goods vehicles become leads: stops away from every registered site (see `geo.stops`)."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import InvalidInputError
from app.leads import files, places, storing
from app.leads.queries import files as queries
from app.leads.schemas import StopRow, VehicleReport
from app.leads.wording import NOTHING_KEPT
from app.patrols import service as patrols
from app.settings import Settings
from app.sites import service as sites
from geo.datum import Datum, to_wgs84
from geo.errors import GeoError
from geo.stops import RADIUS_M, Stop, distance_m, stops

AWAY_M = 150.0  # of a registered site, where a stop tells nothing


class Trace(NamedTuple):
    """A file of a vehicle's positions, and what its sender says of it. `time_zone`: of times that name none."""

    unit_code: str
    plate: str
    datum: str
    time_zone: str | None
    file_name: str
    data: bytes


class _Known(NamedTuple):
    lon: float
    lat: float
    from_at: datetime
    until_at: datetime


def import_vehicle(session: Session, settings: Settings, actor: Actor, trace: Trace) -> tuple[VehicleReport, bool]:
    """Find the stops of a vehicle in a trace (GPX, KML, KMZ, GeoJSON, CSV); the report, and whether it was known.

    Only stops inside the unit become leads. Raises InvalidInputError, TooLargeError, NotFoundError (unit),
    ForbiddenError, or ConflictError when the file was another unit's.
    """
    unit = files.unit_of(session, actor, trace.unit_code)
    file = files.SourceFile("vehicle_trace", trace.file_name, trace.data, unit)

    def make() -> VehicleReport:
        return _Import(session, settings, actor, file, trace.plate).report(Datum(trace.datum), trace.time_zone)

    report, is_replay = files.once(session, actor, file, VehicleReport, make)
    if is_replay and report.plate != trace.plate:
        raise InvalidInputError(
            f"这个文件已作为 {report.plate} 的轨迹导入过，与所填车牌不符。请核对。{NOTHING_KEPT}", problem="plate"
        )
    return report, is_replay


class _Import:
    def __init__(self, session: Session, settings: Settings, actor: Actor, file: files.SourceFile, plate: str) -> None:
        self.session, self.settings, self.actor, self.file, self.plate = session, settings, actor, file, plate
        self.today = settings.today()
        self.known = [_Known(row.lon, row.lat, row.from_at, row.until_at) for row in queries.stops_of(session, plate)]

    def report(self, datum: Datum, time_zone: str | None) -> VehicleReport:
        read = patrols.read_file(self.file.data, self.settings.upload, None, time_zone)
        fixes = read.fixes
        try:
            lon, lat = to_wgs84(fixes.lon, fixes.lat, datum)
        except GeoError as error:
            raise InvalidInputError(
                f"轨迹不像是 {datum.value} 坐标，请核对坐标系和经纬度次序。{NOTHING_KEPT}", problem="datum"
            ) from error
        found = stops(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float), fixes.time_s())
        rows = [self._stop(stop) for stop in found]
        told = {
            verdict: sum(row.verdict == verdict for row in rows) for verdict in ("lead", "at_site", "outside", "known")
        }
        return VehicleReport(
            plate=self.plate,
            fixes=len(fixes),
            stops=len(rows),
            leads=told["lead"],
            at_sites=told["at_site"],
            outside=told["outside"],
            known=told["known"],
            items=rows,
            notes=list(read.notes),
        )

    def _stop(self, stop: Stop) -> StopRow:
        from_at, until_at = (datetime.fromtimestamp(at, UTC) for at in (stop.from_s, stop.until_s))
        row = StopRow(
            lon=stop.lon,
            lat=stop.lat,
            from_at=from_at,
            until_at=until_at,
            minutes=int(stop.minutes),
            verdict="outside",
            text="不在所填单位的辖区内，未作为线索",
            lead_id=None,
        )
        placed = places.at(self.session, stop.lon, stop.lat, self.today)
        if placed is None or not _holds(self.file.unit.path, placed.unit_path):
            return row
        near = sites.nearest(self.session, stop.lon, stop.lat, AWAY_M, self.today)
        if near:
            return row.model_copy(update={"verdict": "at_site", "text": f"在已登记场所“{near[0].name}”停留"})
        if any(_is_same(stop, from_at, until_at, known) for known in self.known):
            return row.model_copy(update={"verdict": "known", "text": "此前的轨迹中已有这次停留，未重复登记"})
        lead_id = self._lead(stop, row, placed)
        self.known.append(_Known(stop.lon, stop.lat, from_at, until_at))
        return row.model_copy(update={"verdict": "lead", "text": "周围没有已登记场所，已作为线索", "lead_id": lead_id})

    def _lead(self, stop: Stop, row: StopRow, placed: places.Placed) -> Any:
        zone = self.settings.zone
        from_text = row.from_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        until_text = row.until_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        key = f"{int(stop.from_s)}:{int(stop.until_s)}"
        lead_id = self.file.lead_id(key)
        values: dict[str, Any] = {
            "id": lead_id,
            "source": "vehicle",
            "what": "vehicle_stop",
            "note": f"危险货物车辆 {self.plate} 于 {from_text} 至 {until_text} 停留 {row.minutes} 分钟，"
            f"{AWAY_M:.0f} 米内没有已登记场所。",
            "lon": stop.lon,
            "lat": stop.lat,
            "datum": "WGS-84",
            "unit_path": placed.unit_path,
            "grid_code": placed.grid_code,
            "made_at": row.from_at,
            "content_digest": self.file.lead_digest(key),
            "deadline": self.today + timedelta(days=self.settings.lead_days.vehicle),
            "facts": {
                "plate": self.plate,
                "from": row.from_at.isoformat(),
                "until": row.until_at.isoformat(),
                "minutes": row.minutes,
                "fixes": stop.fixes,
                "radius_m": RADIUS_M,
                "away_m": AWAY_M,
            },
        }
        storing.add(self.session, self.actor, values)
        return lead_id


def _holds(unit_path: str, path: str) -> bool:
    return path == unit_path or path.startswith(f"{unit_path}.")


def _is_same(stop: Stop, from_at: datetime, until_at: datetime, known: _Known) -> bool:
    """The same vehicle stands at one place at a time."""
    overlaps = from_at <= known.until_at and known.from_at <= until_at
    return overlaps and float(distance_m(stop.lon, stop.lat, known.lon, known.lat)) <= 2 * RADIUS_M
