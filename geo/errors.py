"""What the engine refuses, as one small family. Messages are English; the web service words them for people."""


class GeoError(ValueError):
    """Base of all refusals of the engine; `facts` says what was found, for whoever words it for people."""

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.facts = facts


class DatumError(GeoError):
    """Coordinates that are not of the datum named, or a datum nobody knows."""


class FixesError(GeoError):
    """Fixes that cannot be read as positions in time."""


class GeometryError(GeoError):
    """A geometry that has no area, is not valid, or lies where the frame has no cells."""


class TileError(GeoError):
    """Bytes that are not an encoded tile or histogram."""
