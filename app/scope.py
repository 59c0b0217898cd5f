"""Whose data somebody may see or change: units with everything below them, and single grids. The one place of it.

Queries put `UNITS`, `GRIDS` or `PLACES` into their WHERE and pass `scope.params()`; services that get a code check it
by `check_unit` or `check_grid`. An empty scope holds nothing.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.errors import ForbiddenError

# For string.Template-like use at module load: UNITS.format(path="u.path").
UNITS = "(CAST(:scope_all AS boolean) OR {path} <@ ANY(CAST(:scope_paths AS ltree[])))"
GRIDS = (
    "(CAST(:scope_all AS boolean) OR {path} <@ ANY(CAST(:scope_paths AS ltree[]))"
    " OR {grid} = ANY(CAST(:scope_grids AS text[])))"
)
# `paths` is an ltree[] column: some of its paths lies in some unit of the scope.
PLACES = (
    "(CAST(:scope_all AS boolean) OR EXISTS (SELECT FROM unnest(CAST(:scope_paths AS ltree[])) AS s(path)"
    " WHERE {paths} <@ s.path))"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Units by their ltree paths ("3204….320402…"), grids by code, or everything, even before there is territory."""

    unit_paths: tuple[str, ...] = ()
    grid_codes: frozenset[str] = frozenset()
    is_everything: bool = False

    def params(self) -> dict[str, Any]:
        """The values that `UNITS`, `GRIDS` and `PLACES` name."""
        return {
            "scope_all": self.is_everything,
            "scope_paths": list(self.unit_paths),
            "scope_grids": sorted(self.grid_codes),
        }

    @property
    def mark(self) -> str:
        """What tells this scope from others in the ETag of an answer made for it."""
        return hashlib.sha256(repr(sorted(self.params().items())).encode()).hexdigest()[:16]

    def holds_unit(self, path: str) -> bool:
        """Whether a unit, by its path, lies inside."""
        return self.is_everything or any(path == own or path.startswith(f"{own}.") for own in self.unit_paths)

    def holds_grid(self, code: str, unit_path: str) -> bool:
        """Whether a grid lies inside, by itself or by its unit."""
        return code in self.grid_codes or self.holds_unit(unit_path)

    def holds_any(self, unit_paths: Iterable[str]) -> bool:
        """Whether some of the units lies inside."""
        return self.is_everything or any(self.holds_unit(path) for path in unit_paths)

    def check_unit(self, code: str, path: str) -> None:
        """Raise ForbiddenError unless the unit lies inside."""
        if not self.holds_unit(path):
            raise outside(code)

    def check_grid(self, code: str, unit_path: str) -> None:
        """Raise ForbiddenError unless the grid lies inside."""
        if not self.holds_grid(code, unit_path):
            raise outside(code)

    def within(self, other: "Scope") -> bool:
        """Whether nothing of this scope lies outside the other; grids count only when named there or all is."""
        if other.is_everything:
            return True
        return (
            not self.is_everything
            and all(other.holds_unit(path) for path in self.unit_paths)
            and self.grid_codes <= other.grid_codes
        )


EVERYTHING = Scope(is_everything=True)
NOTHING = Scope()


def outside(code: str) -> ForbiddenError:
    """The refusal of what lies outside a scope."""
    return ForbiddenError(f"{code} 不在您的管辖范围内。如需查看，请联系上级单位或系统管理员。", code=code)
