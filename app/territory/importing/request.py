"""What a person asks for when importing a file, and what came of it for those who go on from there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from app.scope import EVERYTHING, Scope
from app.territory.importing.drafts import Defaults
from app.territory.schemas import ImportReport, Subject
from geo.datum import Datum

Shapes = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ImportRequest:
    """An import as asked for.

    `datum`: of the file's coordinates, which decides, whatever the file says. `mapping`: field -> column.
    `effective_on`: the first local day of what changes; None: today. `retire_missing_in`: a unit whose grids end when
    the file does not hold them. `datum_confirmed`: a person looked at the suspicion of a wrong datum. `scope`: what the
    sender may change; `may_approve`: whether exclusions may come in as approved already.
    """

    subject: Subject
    file_name: str
    datum: Datum
    today: date
    actor: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    effective_on: date | None = None
    generated: bool = False
    roots_allowed: bool = False
    dry_run: bool = False
    datum_confirmed: bool = False
    retire_missing_in: str | None = None
    layer: str | None = None
    defaults: Defaults = field(default_factory=Defaults)
    scope: Scope = EVERYTHING
    may_approve: bool = True

    @property
    def day(self) -> date:
        """The first local day of what changes."""
        return self.effective_on or self.today


@dataclass
class Change:
    """What an import changed: the units whose partition must be looked at again, and the ground, old and new."""

    report: ImportReport
    unit_codes: set[str] = field(default_factory=set)
    ground: list[BaseGeometry] = field(default_factory=list)
    stored: bool = False
