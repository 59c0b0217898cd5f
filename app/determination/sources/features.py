"""Omissions that features tell from their own records."""

from app.determination.sources.asking import Source

SOURCES: tuple[Source, ...] = ()
