"""Where the header of a sheet is, how many rows it takes, and what each column is called."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.errors import InvalidInputError
from app.spreadsheets.grid import Grid
from app.spreadsheets.mapping import simplified

LOOKED_AT = 30
MAX_HEADER_ROWS = 3
JOIN = " / "


@dataclass(frozen=True)
class Header:
    """`at`: position of its first row in the grid; `count`: how many rows; one name per column, all different."""

    at: int
    count: int
    names: list[str]


def find(grid: Grid, known: Collection[str], row: int | None, count: int | None) -> Header:
    """The header, at a given row (as a person counts) or where most names are known.

    Raises InvalidInputError when there is none.
    """
    if row is not None and row not in grid.numbers:
        raise InvalidInputError(f"第 {row} 行是空行或不存在，不能作为表头。请核对表头所在的行。", row=row)
    if not grid.rows:
        raise InvalidInputError("表格是空的，没有读到任何内容。请核对后重新上传。")
    places = [grid.numbers.index(row)] if row is not None else _candidates(grid)
    best = max((_Candidate(grid, at, count) for at in places), key=lambda c: c.fitness(known))
    return Header(best.at, best.count, _named_apart(best.parts))


def _candidates(grid: Grid) -> range:
    return range(min(len(grid.rows), LOOKED_AT))


class _Candidate:
    """A row taken for the header's first."""

    def __init__(self, grid: Grid, at: int, count: int | None) -> None:
        self.grid, self.at = grid, at
        self.width = max(len(cells) for cells in grid.rows[: LOOKED_AT + MAX_HEADER_ROWS])
        self.count = min(count or self._span(), len(grid.rows) - at)
        filled = self._filled()
        self.parts = [list(dict.fromkeys(filter(None, column))) for column in zip(*filled, strict=True)]

    def fitness(self, known: Collection[str]) -> tuple[int, int, int, int]:
        """The more columns with a known name the better; then fewer nameless columns; a title is no header."""
        names = [{simplified(JOIN.join(parts)), *map(simplified, parts[-1:])} for parts in self.parts]
        named = sum(bool(parts) for parts in self.parts)
        if self._is_title():
            return (0, 0, 0, -self.at)
        by_names = sum(not known_names.isdisjoint(known) for known_names in names)
        # Among rows of which no name is known the first that is nearly full; else the lowest, nearest to the data.
        return (by_names, int(2 * named >= self.width), named if by_names else 0, self.at if by_names else -self.at)

    def _row(self, at: int) -> list[str]:
        cells = self.grid.rows[at] if at < len(self.grid.rows) else []
        return [*cells, *[""] * (self.width - len(cells))][: self.width]

    def _merges(self) -> list[tuple[int, int, int, int]]:
        """Merged cells that begin in the row: top, left, bottom, right, by the file's 0-based numbers."""
        top = self.grid.numbers[self.at] - 1
        return [(a, b, c, d) for (a, b), (c, d) in self.grid.merged if a == top]

    def _is_title(self) -> bool:
        if self.width == 1:
            return False
        seen = [cell for cell in self._row(self.at) if cell]
        wide = any(2 * (right - left + 1) >= self.width for _, left, _, right in self._merges())
        return len(set(seen)) < 2 or (wide and self.width > 3)

    def _span(self) -> int:
        """How many rows the header takes: as far as merged cells reach down, or one more below those over several."""
        merges = self._merges()
        down = max((bottom - top + 1 for top, _, bottom, _ in merges), default=1)
        if down > 1:
            last = self.grid.numbers[self.at] + min(down, MAX_HEADER_ROWS) - 1
            return sum(self.grid.numbers[self.at] <= number <= last for number in self.grid.numbers)
        if any(right > left for _, left, _, right in merges):
            return 2
        return 2 if not self.grid.merged and self._has_gaps_filled_below() else 1

    def _has_gaps_filled_below(self) -> bool:
        """Files without merged cells: names below every gap, and nothing below some name."""
        top, below = self._row(self.at), self._row(self.at + 1)
        gaps = [at for at, cell in enumerate(top) if not cell]
        inner = gaps and top[0] and all(below[at] and not below[at].isdigit() for at in gaps)
        return bool(inner) and any(cell and not below[at] for at, cell in enumerate(top))

    def _filled(self) -> list[list[str]]:
        """The header's rows with merged cells filled from their corner."""
        rows = [self._row(self.at + step) for step in range(self.count)]
        of_number = {self.grid.numbers[self.at + step] - 1: step for step in range(self.count)}
        for (top, left), (bottom, right) in self.grid.merged:
            if top not in of_number or left >= self.width:
                continue
            for number in range(top, bottom + 1):
                for column in range(left, min(right + 1, self.width)):
                    if number in of_number:
                        rows[of_number[number]][column] = rows[of_number[top]][left]
        if self.count > 1 and not self.grid.merged:
            for column in range(1, self.width):
                rows[0][column] = rows[0][column] or rows[0][column - 1]
        return rows


def _named_apart(parts: Sequence[Sequence[str]]) -> list[str]:
    """A name for every column: its letter when it has none, a number behind one that came before."""
    names: list[str] = []
    taken: dict[str, int] = {}
    for at, column in enumerate(parts):
        name = JOIN.join(column) or f"{letter(at)} 列"
        taken[name] = taken.get(name, 0) + 1
        names.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return names


def letter(at: int) -> str:
    """The letters of a column in a spreadsheet, by its position from 0."""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
