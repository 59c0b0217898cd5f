"""The codes of supervision, and what people read for them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

Kind = Literal["provincial", "city"]
FormCode = Literal["F5", "F6", "F7"]
Outcome = Literal["found", "missed"]
Answer = Literal["yes", "no", "partly", "not_applicable"]
EARLIEST, LATEST = date(2000, 1, 2), date(2200, 1, 1)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
KINDS: dict[str, str] = {"provincial": "省级督导", "city": "市县督导"}
OUTCOMES: dict[str, str] = {"found": "已被发现", "missed": "未被发现"}


class UnitName(BaseModel):
    """A unit by name."""

    code: str
    name: str
    level: str
