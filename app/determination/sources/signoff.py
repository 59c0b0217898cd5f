"""Signatures of the level below that are missing."""

from app.determination.sources.asking import Source

SOURCES: tuple[Source, ...] = ()
