"""One recorded file of whatever format: told apart by its content, not by its name."""

import io
import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from zoneinfo import ZoneInfo

from app.patrols.fixes import RawFixes
from app.patrols.reading.common import Clock, Points, refused
from app.patrols.reading.csv import read_csv
from app.patrols.reading.geojson import read_geojson
from app.patrols.reading.gpx import read_gpx
from app.patrols.reading.kml import open_kmz, read_kml
from app.settings import UploadLimits

FileSource = Literal["gpx", "kml", "geojson", "csv"]
# Ids of imported files: the same bytes are the same patrol, on any machine.
_NAMESPACE = uuid.UUID("5b0f6f0c-6e0d-5d0e-9d53-77757969c0de")
_CSV_ZONE = "Asia/Shanghai"
_HEAD_BYTES = 2000


@dataclass(frozen=True, slots=True)
class FileFixes:
    """What a file held."""

    source: FileSource
    fixes: RawFixes
    notes: tuple[str, ...]


def id_of(data: bytes, assumed_accuracy_m: float | None) -> uuid.UUID:
    """UUIDv5 of a file's content, and of the accuracy stated for it: sent again with one, it may count at last."""
    stated = "" if assumed_accuracy_m is None else f" {assumed_accuracy_m!r}"
    return uuid.uuid5(_NAMESPACE, sha256(data).hexdigest() + stated)


def read_file(data: bytes, limits: UploadLimits, assumed_accuracy_m: float | None, time_zone: str | None) -> FileFixes:
    """The fixes of a GPX, KML, KMZ, GeoJSON or CSV file.

    `assumed_accuracy_m` fills in where the file states none. Times without a zone are read in `time_zone`; when it is
    None, CSV means Asia/Shanghai and the other formats are refused. Raises InvalidInputError or TooLargeError.
    """
    if not data.strip():
        raise refused("文件是空的", problem="empty")
    if data[:2] == b"PK":
        data = open_kmz(io.BytesIO(data), limits.patrol_bytes, limits.unpacked_ratio)
    source = _source(data)
    points = Points(limits.fixes)
    clock = Clock(_zone(time_zone or (_CSV_ZONE if source == "csv" else None)))
    if source == "gpx":
        read_gpx(io.BytesIO(data), points, clock)
    elif source == "kml":
        read_kml(io.BytesIO(data), points, clock)
    elif source == "geojson":
        read_geojson(data, points, clock)
    else:
        read_csv(data, points, clock)
    fixes = points.build(assumed_accuracy_m)
    return FileFixes(source, fixes, tuple(points.notes + clock.notes()))


def _source(data: bytes) -> FileSource:
    start = data[:_HEAD_BYTES].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    if start.startswith((b"{", b"[")):
        return "geojson"
    if not start.startswith(b"<"):
        return "csv"
    return "kml" if b"<kml" in start or b":kml" in start else "gpx"


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise refused(f"时区 {name[:40]!r} 不存在，应如 Asia/Shanghai", problem="time_zone") from None
