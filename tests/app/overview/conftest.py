"""The small city with its people, and cases for them."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.app.cases.conftest import built, desks, person, settings, world
from tests.app.review.conftest import Person

__all__ = ["built", "desks", "person", "settings", "world"]


@pytest.fixture
def client(application: FastAPI, operator: dict[str, str], person: Person) -> TestClient:
    """The operator beside the people, who start and stop the application."""
    person("county")
    return TestClient(application, "http://127.0.0.1", raise_server_exceptions=False, headers=operator)
