"""Tables of coverage. Looks are facts' images; everything else here can be rebuilt from looks and territory."""

from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Identity, Integer, LargeBinary, Sequence, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class LookRecord(Base):
    """The cells of one tile that one patrol saw on one local day (`geo.daytiles.encode_cells`)."""

    __tablename__ = "look"

    evidence_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True)
    x: Mapped[int] = mapped_column(Integer, primary_key=True)
    y: Mapped[int] = mapped_column(Integer, primary_key=True)
    cells: Mapped[bytes] = mapped_column(LargeBinary)
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)


class DayTileRecord(Base):
    """The fold of a tile's looks that count (`geo.daytiles.encode`)."""

    __tablename__ = "day_tile"

    x: Mapped[int] = mapped_column(Integer, primary_key=True)
    y: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    days: Mapped[bytes] = mapped_column(LargeBinary)


class ZoneRecord(Base):
    """A version of a grid (`grid_code` set) or a unit's remainder; valid for local days [from_day, to_day)."""

    __tablename__ = "zone"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    grid_id: Mapped[int | None] = mapped_column(BigInteger)
    grid_code: Mapped[str | None] = mapped_column(Text)
    unit_code: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)  # ltree; written and compared by SQL text only
    from_day: Mapped[int] = mapped_column(Integer)
    to_day: Mapped[int | None] = mapped_column(Integer)
    unassigned_cm2: Mapped[int] = mapped_column(BigInteger, default=0)
    excluded_cm2: Mapped[int] = mapped_column(BigInteger, default=0)


class ZoneTileRecord(Base):
    """A zone's mask in one tile (`geo.zones`)."""

    __tablename__ = "zone_tile"

    zone_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    x: Mapped[int] = mapped_column(Integer, primary_key=True)
    y: Mapped[int] = mapped_column(Integer, primary_key=True)
    mask: Mapped[bytes] = mapped_column(LargeBinary)


class FreshnessRecord(Base):
    """A grid zone's histogram as of `from_day`, valid until the zone's next row (`geo.shares`)."""

    __tablename__ = "freshness"

    zone_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    from_day: Mapped[int] = mapped_column(Integer, primary_key=True)
    histogram: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(BigInteger, Sequence("change_number"))
