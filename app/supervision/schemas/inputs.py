"""What comes in of supervision."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

from app.supervision.schemas.codes import Answer, Day, Kind, Outcome
from app.words import Code, Line, Words


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Said = Annotated[Words | None, BeforeValidator(_blank_is_none)]


class In(BaseModel):
    """What comes in holds nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class PlanIn(In):
    """A sample to be drawn today. `seed`: published before, such as the numbers of a lottery of a day."""

    id: UUID
    name: Line
    kind: Kind
    unit_code: Code
    seed: Line


class PlaceIn(In):
    """Where somebody was, WGS-84."""

    lon: Annotated[FiniteFloat, Field(ge=-180, le=180)]
    lat: Annotated[FiniteFloat, Field(ge=-90, le=90)]


class ItemAnswerIn(In):
    """What was found at one item of a form: a choice, a number, or words, as the item asks."""

    answer: Answer | None = None
    number: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    words: Said = None


class AnswerIn(In):
    """A version of the answers. `version`: of the newest one that was seen, 0 for none."""

    id: UUID
    version: Annotated[int, Field(ge=0, le=100_000)]
    answers: Annotated[dict[Code, ItemAnswerIn], Field(max_length=20)]
    is_final: bool
    found_omission: bool | None = None
    words: Said = None
    position: PlaceIn | None = None


class CheckIn(In):
    """Something put in on purpose, to be found by `until`."""

    id: UUID
    unit_code: Code
    what: Words
    place: PlaceIn | None = None
    planted_on: Day
    until: Day


class SettleIn(In):
    """What became of a planted check."""

    outcome: Outcome
    settled_on: Day
    words: Words
