"""What is done by the clock: old personal data go, group chats are told. It runs beside the server, in a thread.

procrastinate sees that of several servers on one database only one does each job. Each job finds out for itself what
is due, so one that was missed or broken off is made up for by the next.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from procrastinate import App, PsycopgConnector, RetryStrategy
from sqlalchemy import Engine

from app import retention
from app.db import make_engine
from app.live import service as live
from app.settings import Settings

log = logging.getLogger("wuyilou")

SCHEMA = "jobs"
NIGHT_HOUR = 3
# Longer than between two runs of any job: what fell into a time without a server is done when one comes.
LATEST_S = 26 * 3600
AGAIN_S = 5.0
POLL_S = 5.0
PATIENCE_S = 15.0
KEPT_H = 7 * 24


@dataclass(frozen=True)
class Job:
    """Work with the times it is due at, as cron writes them, in UTC."""

    name: str
    cron: str
    work: Callable[[Engine, Settings], object]


def jobs(settings: Settings) -> list[Job]:
    """All there is to do."""
    night = f"17 {_utc_hour(settings, NIGHT_HOUR)} * * *"
    return [
        Job("forget_personal_data", night, retention.run),
        Job("forget_progress", night, live.forget_progress),
        Job("tell_robots", "*/5 * * * *", live.webhooks.run),
    ]


def make_app(settings: Settings, engine: Engine, work: list[Job]) -> App:
    """The job runner for some jobs."""
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector = PsycopgConnector(
        conninfo=address,
        min_size=1,
        max_size=2,
        kwargs={"options": f"-c search_path={SCHEMA}", "application_name": "wuyilou jobs"},
    )
    app = App(connector=connector, periodic_defaults={"max_delay": LATEST_S})
    for job in work:
        _register(app, settings, engine, job)
    return app


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Do the jobs in a thread for as long as the context lasts; a job under way is waited for, but not for long."""
    engine = make_engine(settings.database_url or "", pool_size=2)
    runner = Runner(make_app(settings, engine, jobs(settings)))
    runner.start()
    try:
        yield
    finally:
        runner.stop()
        engine.dispose()


class Runner(threading.Thread):
    """The thread of the jobs; it begins again when the database comes back."""

    def __init__(self, app: App) -> None:
        super().__init__(name="jobs", daemon=True)
        self._app = app
        self._ready = threading.Event()

    def run(self) -> None:
        """Work until stopped."""
        asyncio.run(self._main())

    def stop(self) -> None:
        """Stop and return when it has, or after PATIENCE_S."""
        self._ready.wait()
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        self.join(PATIENCE_S)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._ready.set()
        stopping = asyncio.create_task(self._stopping.wait())
        while not self._stopping.is_set():
            work = asyncio.create_task(self._work())
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            work.cancel()
            failure = (await asyncio.gather(work, return_exceptions=True))[0]
            if not self._stopping.is_set():
                log.warning("jobs are not done for a moment: %s", failure)
                await asyncio.wait({stopping}, timeout=AGAIN_S)

    async def _work(self) -> None:
        async with self._app.open_async():
            manager = self._app.job_manager
            for job in await manager.get_stalled_jobs():  # of a server that was killed
                await manager.retry_job(job)
            await manager.delete_old_jobs(KEPT_H, include_failed=True, include_aborted=True)
            await self._app.run_worker_async(
                install_signal_handlers=False,
                listen_notify=False,
                fetch_job_polling_interval=POLL_S,
                shutdown_graceful_timeout=PATIENCE_S,
                delete_jobs="successful",
            )


def _register(app: App, settings: Settings, engine: Engine, job: Job) -> None:
    def work(timestamp: int) -> None:
        log.info("job %s of %s", job.name, datetime.fromtimestamp(timestamp, settings.zone))
        job.work(engine, settings)

    retry = RetryStrategy(max_attempts=4, exponential_wait=5)
    task = app.task(name=job.name, queueing_lock=job.name, retry=retry)(work)
    app.periodic(cron=job.cron)(task)


def _utc_hour(settings: Settings, hour: int) -> int:
    return (hour - settings.utc_offset_s(settings.now()) // 3600) % 24
