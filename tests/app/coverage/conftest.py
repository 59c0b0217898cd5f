"""The small city, in the session of the test."""

import pytest
from sqlalchemy.orm import Session

from tests.app.coverage import world


@pytest.fixture
def city(session: Session) -> Session:
    """A session in which the small city is stored and painted."""
    world.build(session)
    return session
