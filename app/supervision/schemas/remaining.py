"""What supervision answers of the risk that remains."""

from datetime import date

from pydantic import BaseModel

from app.supervision.schemas.codes import UnitName


class UnseenSites(BaseModel):
    """How many sites nobody knows: field work and a market register against each other.

    `estimate_high`, `unseen_high` null: any number is possible.
    """

    field: int
    register_name: str
    register_as_of: date
    register_sites: int
    both: int
    known: int
    estimate: int
    estimate_low: int
    estimate_high: int | None
    unseen: int
    unseen_low: int
    unseen_high: int | None
    confidence_percent: int
    method: str
    assumptions: list[str]
    text: str


class MissedShare(BaseModel):
    """Misses in trials; the share may be as high as `upper_percent` (one-sided, rounded up to 0.1)."""

    trials: int
    misses: int
    upper_percent: float
    confidence_percent: int
    method: str
    text: str


class ResidualRisk(BaseModel):
    """What remains after everything was done, in a unit on a day. A part that cannot be said is null, with the reason.

    `others`, `other_misses`: checks that were not drawn at random, and so are no part of the bound.
    """

    on: date
    unit: UnitName
    unseen_sites: UnseenSites | None
    unseen_sites_why_not: str | None
    rechecks: MissedShare | None
    rechecks_why_not: str | None
    others: int
    other_misses: int
    planted: MissedShare | None
    planted_why_not: str | None
    statement: str
