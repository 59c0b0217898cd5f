"""The small city with its people, and their desks."""

import pytest

from app.settings import Settings
from tests.app.cases.desk import Desks
from tests.app.review.conftest import Person, built, person, settings, world

__all__ = ["built", "person", "settings", "world"]


@pytest.fixture
def desks(person: Person, settings: Settings) -> Desks:
    """Cases, handled by whoever a test names."""
    return Desks(person, settings)
