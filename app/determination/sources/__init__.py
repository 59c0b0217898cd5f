"""Where omissions come from: each feature tells its own; here they are asked as one."""

from app.determination.sources import evidence, features, ground, signoff
from app.determination.sources.asking import Asked, Source

SOURCES: tuple[Source, ...] = (*features.SOURCES, *ground.SOURCES, *evidence.SOURCES, *signoff.SOURCES)

__all__ = ["SOURCES", "Asked", "Source"]
