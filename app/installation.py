"""The database an operator's command works on: the one configured, or a private cluster for as long as the command."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from app import migrate
from app.db import make_engine
from app.embedded import EmbeddedCluster
from app.postgres.home import ClusterError
from app.settings import Settings

DATABASE = "wuyilou"
OLDEST_POSTGIS = (3, 3)


def cluster(settings: Settings) -> EmbeddedCluster:
    """The private cluster of this installation, not started."""
    return EmbeddedCluster(settings.data_dir / "postgres")


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database. Raises ClusterError when there is none or its PostGIS is too old."""
    if settings.database_url:
        _check(settings.database_url)
        yield settings.database_url
        return
    with cluster(settings) as own:
        yield own.url(DATABASE)


@contextmanager
def migrated(settings: Settings) -> Iterator[Engine]:
    """An engine on the database, brought to the current schema."""
    with database(settings) as url:
        engine = make_engine(url, settings.pool_size)
        try:
            migrate.upgrade(engine)
            yield engine
        finally:
            engine.dispose()


def _check(url: str) -> None:
    engine = make_engine(url, pool_size=1)
    try:
        with engine.connect() as connection:
            asked = text("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
            version = connection.execute(asked).scalar()
    except OperationalError as error:
        raise ClusterError(f"the database of WUYILOU_DATABASE_URL does not answer: {error.orig}") from error
    finally:
        engine.dispose()
    if version is None or tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        raise ClusterError(
            f"the server of WUYILOU_DATABASE_URL has PostGIS {version or '(none)'}; 3.3 or newer is needed"
        )
