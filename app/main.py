"""The web application: features' routes, errors, bounds and pages put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from app import errors, offline, pages
from app.accounts.presence import still_valid
from app.accounts.routes import routers as accounts
from app.accounts.routes.recording import before_commit
from app.accounts.sessions import authenticator
from app.baselines.routes import router as baselines
from app.cases.routes import router as cases
from app.coverage.routes import router as coverage
from app.db import make_engine
from app.determination.routes import routers as determination
from app.dispatch.routes import router as dispatch
from app.evidence.routes import router as evidence
from app.field.routes import router as field
from app.health import router as health
from app.leads.routes import router as leads
from app.limits import BodyLimit
from app.live.routes import router as live
from app.live.service import make_hub
from app.marks.routes import router as marks
from app.overview.routes import router as overview
from app.patrols.routes import router as patrols
from app.reports.routes import routers as reports
from app.review.routes import router as review
from app.security import Doorkeeper, routes_with_rights
from app.settings import Settings, get_settings
from app.sites.routes import router as sites
from app.snapshots.routes import router as snapshots
from app.sse import told_of_exit
from app.supervision.routes import router as supervision
from app.territory.routes import router as territory
from app.tiles.routes import router as tiles
from app.visits.routes import router as visits

FEATURES = (
    health,
    *accounts,
    territory,
    evidence,
    patrols,
    marks,
    sites,
    visits,
    leads,
    baselines,
    cases,
    *determination,
    dispatch,
    field,
    coverage,
    review,
    live,
    tiles,
    *reports,
    overview,
    snapshots,
    supervision,
)
DEFAULT_BODY_BYTES = 1024 * 1024


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application on one database. Raises ValueError when the settings name no database."""
    chosen = settings or get_settings()
    if not chosen.database_url:
        raise ValueError("WUYILOU_DATABASE_URL is not set; `wuyilou serve` starts a private database")
    engine = make_engine(chosen.database_url, chosen.pool_size)
    hub = make_hub(engine, still_valid(engine, chosen))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        hub.start()
        with told_of_exit(hub.close):
            yield
        await hub.stop()
        engine.dispose()

    # The interactive API pages load scripts from other hosts, so they are off; /openapi.json stays.
    app = FastAPI(title="无遗漏 wuyilou", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings = chosen
    app.state.engine = engine
    app.state.live = hub
    app.state.before_commit = before_commit
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(
        BodyLimit,
        default_bytes=DEFAULT_BODY_BYTES,
        by_prefix={
            "/api/photos": chosen.upload.photo_bytes,
            "/api/patrols": chosen.upload.patrol_bytes,
            # The outline of a blind spot, whole.
            "/api/orders": 2 * DEFAULT_BODY_BYTES,
            # A form around the file, and its name.
            "/api/cases/": chosen.upload.attachment_bytes + 64 * 1024,
            "/api/certificates/check": chosen.upload.certificate_bytes + 64 * 1024,
            "/api/leads/power": chosen.upload.table_bytes,
            "/api/leads/vehicles": chosen.upload.patrol_bytes,
            "/api/reports/imports": chosen.upload.table_bytes,
            "/api/sites/imports": chosen.upload.table_bytes,
            "/api/territory/imports": chosen.upload.territory_bytes,
            "/api/baselines": chosen.upload.table_bytes,
        },
    )
    app.add_middleware(Doorkeeper, authenticate=authenticator(engine, chosen), settings=chosen)
    app.add_middleware(errors.UnexpectedFailures)
    errors.install(app)
    routes_with_rights(FEATURES)  # a route that states no right must not be served
    for router in FEATURES:
        # Not `include_router`, which builds every route anew for each application and with its first request.
        app.router.routes.extend(router.routes)
    pages.install(app)
    offline.install(app)
    return app
