"""Whether the evidence is still what it was: signatures, tiles, the chain."""

from app.determination.sources.asking import Source

SOURCES: tuple[Source, ...] = ()
