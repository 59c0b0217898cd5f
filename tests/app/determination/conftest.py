"""A clean village, built once a run; each test works on a copy or in a transaction that is rolled back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

from tests.app.determination import village
from tests.support import databases


@dataclass(frozen=True)
class Clean:
    """The database of the clean village, and ids of what stands in it."""

    url: URL
    ids: dict[str, str]


@pytest.fixture(scope="session")
def clean(template: URL, run_directory: Path) -> Iterator[Clean]:
    """Built once, to be copied."""
    with databases.fresh_database(template) as url:
        yield Clean(make_url(url), village.build(url, run_directory / "clean"))


@pytest.fixture(scope="module")
def clean_engine(clean: Clean) -> Iterator[Engine]:
    """An engine on a copy that no test of the module changes for good."""
    with databases.fresh_database(clean.url) as url:
        engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
        yield engine
        engine.dispose()
