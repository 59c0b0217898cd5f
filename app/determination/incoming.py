"""What comes in about policies and exceptions, with its bounds."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.determination.schemas import Threshold
from app.words import Code, Line, Words


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PolicyIn(_In):
    """The next version of a unit's policy."""

    unit: Code
    valid_from: date
    thresholds: dict[Code, Threshold] = Field(max_length=100)
    words: Words


class ExceptionIn(_In):
    """A wish that one omission may stay. `id` is the page's: sent again, it is the same request."""

    id: UUID
    unit: Code
    kind: Code
    subject: Line
    until: date
    reason: Words


class DecisionIn(_In):
    """What somebody above says of a request."""

    approve: bool
    words: Words


class EndIn(_In):
    """Why an approved exception ends before its day."""

    words: Words
