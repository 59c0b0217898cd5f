"""What is done beside the server, in a thread: by the clock (old personal data go, group chats are told), and at once
what somebody asked for and takes longer than an answer may (`app.deferred`).

procrastinate sees that of several servers on one database only one does each job. Each job by the clock finds out for
itself what is due, so one that was missed or broken off is made up for by the next. What somebody asked for is begun
again when the server that did it was killed.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from sqlalchemy import Engine

from app import retention
from app.baselines import matching as baselines
from app.coverage import service as coverage
from app.db import make_engine
from app.deferred import SCHEMA
from app.determination import signing_changes
from app.dispatch import service as dispatch
from app.live import service as live
from app.reports import service as reports
from app.settings import Settings
from app.sites import service as sites

log = logging.getLogger("wuyilou")

NIGHT_HOUR = 3
# Longer than between two runs of any job: what fell into a time without a server is done when one comes.
LATEST_S = 26 * 3600
AGAIN_S = 5.0
POLL_S = 1.0
REVIVE_S = 15.0
PATIENCE_S = 15.0
KEPT_H = 7 * 24


@dataclass(frozen=True)
class Job:
    """Work with the times it is due at, as cron writes them, in UTC."""

    name: str
    cron: str
    work: Callable[[Engine, Settings], object]


@dataclass(frozen=True)
class Task:
    """Work that somebody asks for: done on a subject, and to be given up by an exception when the server ends."""

    name: str
    work: Callable[[Engine, Settings, str, Callable[[], bool]], object]


def tasks() -> list[Task]:
    """All that can be asked for."""
    return [Task(baselines.TASK, baselines.run)]


def jobs(settings: Settings) -> list[Job]:
    """All there is to do by the clock."""
    night = f"17 {_utc_hour(settings, NIGHT_HOUR)} * * *"
    return [
        Job("forget_personal_data", night, retention.run),
        Job("forget_progress", night, live.forget_progress),
        # Minutes into a day, what begins and ends with it; reading does not wait for it.
        Job("refresh_site_checks", f"4 {_utc_hour(settings, 0)} * * *", sites.refresh_older),
        # As many seconds as a city has thousands of grids, which nobody should wait for who asks first.
        Job("look_into_ground", f"6 {_utc_hour(settings, 0)} * * *", coverage.look_into_all),
        # By night: every signature against the records that it stands on.
        Job("compare_signatures", f"41 {_utc_hour(settings, NIGHT_HOUR)} * * *", signing_changes.sweep),
        Job("prepare_reports", "*/10 * * * *", reports.prepare_due),
        # What evidence has done since; then, of what a day ended on undone, the next level answers.
        Job("settle_orders", "*/10 * * * *", dispatch.settle_all),
        Job("climb_orders", f"10 {_utc_hour(settings, 0)} * * *", dispatch.climb),
        Job("tell_robots", "*/5 * * * *", live.webhooks.run),
    ]


def make_app(
    settings: Settings,
    engine: Engine,
    work: list[Job],
    on_demand: Iterable[Task] = (),
    is_ending: Callable[[], bool] = lambda: False,
) -> App:
    """The job runner for some jobs and tasks; the latter are told when the server ends."""
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
    for task in on_demand:
        _register_task(app, settings, engine, task, is_ending)
    return app


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Do the jobs in a thread for as long as the context lasts; a job under way is waited for, but not for long."""
    engine = make_engine(settings.database_url or "", pool_size=2)
    ending = threading.Event()
    runner = Runner(make_app(settings, engine, jobs(settings), tasks(), ending.is_set), ending)
    runner.start()
    try:
        yield
    finally:
        runner.stop()
        engine.dispose()


class Runner(threading.Thread):
    """The thread of the jobs; it begins again when the database comes back."""

    def __init__(self, app: App, ending: threading.Event | None = None) -> None:
        super().__init__(name="jobs", daemon=True)
        self._app = app
        self._ending = ending or threading.Event()
        self._ready = threading.Event()

    def run(self) -> None:
        """Work until stopped."""
        asyncio.run(self._main())

    def stop(self) -> None:
        """Stop and return when it has, or after PATIENCE_S."""
        self._ending.set()
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
            await self._revive()
            await self._app.job_manager.delete_old_jobs(KEPT_H, include_failed=True, include_aborted=True)
            reviving = asyncio.create_task(self._keep_reviving())
            try:
                await self._app.run_worker_async(
                    install_signal_handlers=False,
                    listen_notify=False,
                    fetch_job_polling_interval=POLL_S,
                    shutdown_graceful_timeout=PATIENCE_S,
                    delete_jobs="successful",
                )
            finally:
                reviving.cancel()

    async def _keep_reviving(self) -> None:
        """A server killed and brought back at once finds its own jobs only when their last sign of life is old."""
        while True:
            await asyncio.sleep(REVIVE_S)
            try:
                await self._revive()
            except ConnectorException as error:
                log.warning("jobs that were broken off are not looked for: %s", error)

    async def _revive(self) -> None:
        """Put back what a server that was killed had begun."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs():
            await manager.retry_job(job)


def _register(app: App, settings: Settings, engine: Engine, job: Job) -> None:
    def work(timestamp: int) -> None:
        log.info("job %s of %s", job.name, datetime.fromtimestamp(timestamp, settings.zone))
        job.work(engine, settings)

    retry = RetryStrategy(max_attempts=4, exponential_wait=5)
    task = app.task(name=job.name, queueing_lock=job.name, retry=retry)(work)
    app.periodic(cron=job.cron)(task)


def _register_task(app: App, settings: Settings, engine: Engine, task: Task, is_ending: Callable[[], bool]) -> None:
    def work(subject: str) -> None:
        log.info("task %s of %s", task.name, subject)
        task.work(engine, settings, subject, is_ending)

    app.task(name=task.name, retry=RetryStrategy(max_attempts=6, linear_wait=20))(work)


def _utc_hour(settings: Settings, hour: int) -> int:
    return (hour - settings.utc_offset_s(settings.now()) // 3600) % 24
