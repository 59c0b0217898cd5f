"""The clean village with the heads of every level."""

from tests.app.determination.conftest import clean
from tests.app.determination.signing.conftest import application, database, engine, office, settings

__all__ = ["application", "clean", "database", "engine", "office", "settings"]
