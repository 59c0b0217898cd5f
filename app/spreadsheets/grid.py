"""A sheet before its header is known: rows of text with the numbers a person counts them by."""

import re
from dataclasses import dataclass, field

Merged = tuple[tuple[int, int], tuple[int, int]]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]+")
# Takes no room but turns or splits the text around it: marks of writing direction, zero-width blanks.
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")


def plain(text: str) -> str:
    """Text on one line that reads as it is stored: control characters become blanks, unseen ones go."""
    return _CONTROL.sub(" ", _UNSEEN.sub("", text)).strip()


@dataclass
class Grid:
    """Rows that are not empty. `merged`: corners of merged cells, 0-based rows and columns of the file, inclusive."""

    name: str | None = None
    other_sheets: list[str] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, number: int, cells: list[str]) -> None:
        """Add a row, unless nothing can be seen in it; blanks at its end go."""
        seen = [plain(cell) if cell else "" for cell in cells]
        while seen and not seen[-1]:
            seen.pop()
        if seen:
            self.rows.append(seen)
            self.numbers.append(number)
