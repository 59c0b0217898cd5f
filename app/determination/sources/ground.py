"""Ground that nobody looked at, told by coverage."""

from app.determination.sources.asking import Source

SOURCES: tuple[Source, ...] = ()
