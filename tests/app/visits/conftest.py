"""The city with its people, an officer's phone, and a site with two tenancies, one sub-let from the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine

from app.settings import Settings
from tests.support.databases import Seed
from tests.support.phone import add_people, signed_in
from tests.support.visiting import put_site, put_tenancy

if TYPE_CHECKING:
    from fastapi import FastAPI


@dataclass(frozen=True)
class Works:
    """A site and its two current tenancies."""

    site: str
    tenant: str
    subtenant: str

    @property
    def all_seen(self) -> dict[str, bool]:
        """What a visit says that saw everybody."""
        return {self.tenant: True, self.subtenant: True}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Work goes on all day, so that no test finds something in the night that it does not by day."""
    return settings.model_copy(update={"work_starts": time(0), "work_ends": time(0)})


@pytest.fixture
def world_seed() -> Seed:
    """The city with its people."""
    return add_people


@pytest.fixture
def city(database: str) -> Iterator[Engine]:
    """An engine on the test's own database with the city and its people in it."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    yield engine
    engine.dispose()


@pytest.fixture
def w1(city: Engine, application: "FastAPI") -> Iterator[TestClient]:
    """The phone of officer W1."""
    with signed_in(application, "w1") as client:
        yield client


@pytest.fixture
def works(city: Engine, client: TestClient) -> Works:
    """A factory in W1's first grid with 甲 in it, and 乙 in a part of 甲's."""
    site = put_site(client)
    tenant = put_tenancy(client, site, "甲五金厂")
    return Works(site, tenant, put_tenancy(client, site, "乙喷涂作坊", parent_id=tenant))
