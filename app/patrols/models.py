"""Tables of patrols: the facts, their raw fixes, and the cleaned track for the map."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import DateTime, Float, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Patrol(Base):
    """One officer, one mode, one stretch of time. Never changed after it was accepted; voiding is a state."""

    __tablename__ = "patrol"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    officer_code: Mapped[str] = mapped_column(Text)
    mode: Mapped[str] = mapped_column(Text)
    source: Mapped[Literal["phone", "gpx", "kml", "geojson", "csv"]] = mapped_column(Text)
    datum: Mapped[str] = mapped_column(Text)
    device: Mapped[str | None] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    utc_offset_s: Mapped[int] = mapped_column(Integer)
    content_digest: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[Literal["accepted", "voided"]] = mapped_column(Text, server_default="accepted")
    void_reason: Mapped[str | None] = mapped_column(Text)
    voided_by: Mapped[str | None] = mapped_column(Text)
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default="now()")
    received_from: Mapped[str] = mapped_column(Text)


class PatrolFixes(Base):
    """Raw fixes of a patrol (`app.patrols.fixes`), apart from it because their retention is shorter."""

    __tablename__ = "patrol_fixes"

    patrol_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    fix_count: Mapped[int] = mapped_column(Integer)
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class Track(Base):
    """What is left of a patrol after cleaning, WGS-84; no row when nothing counts."""

    __tablename__ = "track"

    patrol_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    first_day: Mapped[int] = mapped_column(Integer)
    last_day: Mapped[int] = mapped_column(Integer)
    length_m: Mapped[float] = mapped_column(Float)
    geom: Mapped[object] = mapped_column(Geometry("MULTILINESTRING", srid=4326, spatial_index=False))
