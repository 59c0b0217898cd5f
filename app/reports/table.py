"""A form as a table: heads in levels, rows, a total. The page and the workbook are both made from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["text", "number", "money", "tick"]
Paper = Literal["A3", "A4"]
# True: ticked. None: nothing is said.
Cell = str | int | float | bool | None
TICK = "√"


@dataclass(frozen=True, slots=True)
class Head:
    """A head with heads below it, or a column: `width` in characters as spreadsheets count them."""

    text: str
    kind: Kind = "text"
    width: float = 9.0
    below: tuple["Head", ...] = ()


class HeadCell(NamedTuple):
    """A head where it stands in the rows of heads."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Table:
    """A form filled in. `total` is printed as the last row; `notes` say what was counted."""

    form: str
    title: str
    heads: tuple[Head, ...]
    rows: list[list[Cell]]
    total: list[Cell] | None
    notes: list[str]
    signatures: tuple[str, ...]
    paper: Paper

    def __post_init__(self) -> None:
        width = len(columns(self.heads))
        for row in [*self.rows, *([] if self.total is None else [self.total])]:
            if len(row) != width:
                raise ValueError(f"{self.form} has {width} columns, a row has {len(row)}")


def columns(heads: Sequence[Head]) -> list[Head]:
    """The heads that have no others below, from left to right.

    >>> [head.text for head in columns((Head("a"), Head("b", below=(Head("c"), Head("d")))))]
    ['a', 'c', 'd']
    """
    return [leaf for head in heads for leaf in (columns(head.below) if head.below else [head])]


def depth(heads: Sequence[Head]) -> int:
    """How many rows the heads take; 0 for none."""
    return max((1 + depth(head.below) for head in heads), default=0)


def head_cells(heads: Sequence[Head]) -> list[HeadCell]:
    """Every head with the rows and columns it spans; a column without heads below reaches down to the last row.

    >>> head_cells((Head("a"), Head("b", below=(Head("c"), Head("d")))))[1]
    HeadCell(text='b', row=0, column=1, rows=1, columns=2)
    """
    return list(_placed(heads, 0, 0, depth(heads)))


def _placed(heads: Sequence[Head], row: int, column: int, rows: int) -> Iterator[HeadCell]:
    for head in heads:
        width = len(columns([head]))
        yield HeadCell(head.text, row, column, 1 if head.below else rows, width)
        yield from _placed(head.below, row + 1, column, rows - 1)
        column += width
