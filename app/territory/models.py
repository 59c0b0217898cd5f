"""Tables of territory. Geometry is EPSG:4326 (lon/lat, WGS-84); what changes over time has [valid_from, valid_to)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ARRAY, BigInteger, Boolean, Date, DateTime, Double, ForeignKey, Identity, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from app.db import Base

_Polygons = Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)
_Point = Geometry("POINT", srid=4326, spatial_index=False)


class ImportBatch(Base):
    """One file that changed territory, with the report a person was given."""

    __tablename__ = "import_batch"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    file_digest: Mapped[bytes] = mapped_column(LargeBinary)
    datum: Mapped[str] = mapped_column(Text)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Unit(Base):
    """A unit of the five-level tree. `path` is the ltree of its lineage's codes."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    parent_code: Mapped[str | None] = mapped_column(Text, ForeignKey("unit.code"))
    path: Mapped[str] = mapped_column(Text)  # ltree; written and compared by SQL text only
    geom: Mapped[WKBElement] = mapped_column(_Polygons)
    label_point: Mapped[WKBElement] = mapped_column(_Point)
    area_m2: Mapped[float] = mapped_column(Double)
    source_datum: Mapped[str] = mapped_column(Text)
    generated: Mapped[bool] = mapped_column(Boolean)
    import_batch_id: Mapped[UUID | None] = mapped_column(Uuid)


class Grid(Base):
    """A version of a grid."""

    __tablename__ = "grid"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    unit_code: Mapped[str] = mapped_column(Text, ForeignKey("unit.code"))
    risk: Mapped[str | None] = mapped_column(Text)
    cycle_days: Mapped[int | None] = mapped_column(Integer)
    geom: Mapped[WKBElement] = mapped_column(_Polygons)
    label_point: Mapped[WKBElement] = mapped_column(_Point)
    area_m2: Mapped[float] = mapped_column(Double)
    source_datum: Mapped[str] = mapped_column(Text)
    generated: Mapped[bool] = mapped_column(Boolean)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    import_batch_id: Mapped[UUID | None] = mapped_column(Uuid)


class Officer(Base):
    """A grid officer: personal data, so no more than duty needs."""

    __tablename__ = "officer"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)


class GridOfficer(Base):
    """Who is in charge of a grid, and for how long."""

    __tablename__ = "grid_officer"

    grid_code: Mapped[str] = mapped_column(Text, primary_key=True)
    officer_code: Mapped[str] = mapped_column(Text, ForeignKey("officer.code"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Exclusion(Base):
    """A version of an exclusion: land that need not, or cannot, be covered once that is approved."""

    __tablename__ = "exclusion"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    geom: Mapped[WKBElement] = mapped_column(_Polygons)
    area_m2: Mapped[float] = mapped_column(Double)
    source_datum: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    import_batch_id: Mapped[UUID | None] = mapped_column(Uuid)


class Defect(Base):
    """A fault of the partition, or of a grid's duty; derived, can be rebuilt."""

    __tablename__ = "defect"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    unit_code: Mapped[str] = mapped_column(Text, ForeignKey("unit.code"))
    part_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_sliver: Mapped[bool] = mapped_column(Boolean)
    area_m2: Mapped[float] = mapped_column(Double)
    width_m: Mapped[float | None] = mapped_column(Double)
    geom: Mapped[WKBElement] = mapped_column(_Polygons)
    found_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
