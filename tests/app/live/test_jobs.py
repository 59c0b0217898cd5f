"""Jobs, by the clock and asked for: each once however many servers there are, and again when one was broken off."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from app.db import make_engine, transaction
from app.deferred import defer
from app.jobs import Job, Runner, Task, jobs, make_app, tasks
from app.settings import Settings
from tests.support.databases import administration, wait_until

# On the 29th of February: its last time is long gone, its next one far away.
SELDOM = "0 0 29 2 *"
HOURLY = "0 * * * *"


@pytest.fixture
def world_seed() -> None:
    """Nothing: jobs need no city."""


@pytest.fixture
def db(database: str) -> Iterator[Engine]:
    """An engine on the test's own database, at the runner's tables."""
    engine = create_engine(database, connect_args={"options": "-c search_path=jobs"})
    yield engine
    engine.dispose()


@contextmanager
def runner(settings: Settings, work: list[Job], on_demand: Iterable[Task] = ()) -> Iterator[Runner]:
    """One server's jobs."""
    engine = make_engine(settings.database_url or "", pool_size=2)
    ending = threading.Event()
    started = Runner(make_app(settings, engine, work, on_demand, ending.is_set), ending)
    started.start()
    try:
        yield started
    finally:
        started.stop()
        engine.dispose()
        assert not started.is_alive(), "the jobs did not stop"


class Work:
    """A job that counts."""

    def __init__(self, fails: int = 0) -> None:
        self.done = 0
        self.fails = fails
        self.under_way = threading.Lock()

    def __call__(self, _engine: Engine, _settings: Settings) -> None:
        """Count; fail the first times."""
        with self.under_way:
            self.done += 1
            if self.done <= self.fails:
                raise RuntimeError("on purpose")


def waiting(db: Engine, name: str) -> list[tuple[str, int]]:
    """Status and attempts of a job's runs that are kept."""
    asked = text("SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = :name")
    with db.connect() as connection:
        return [(row.status, row.attempts) for row in connection.execute(asked, {"name": name})]


def deferred(db: Engine, name: str) -> int:
    """How many times a job was due so far."""
    asked = text("SELECT count(*) FROM procrastinate_periodic_defers WHERE task_name = :name")
    with db.connect() as connection:
        return int(connection.execute(asked, {"name": name}).scalar_one())


def test_each_job_is_done_once_by_several_servers_and_not_again_after_a_restart(db: Engine, settings: Settings) -> None:
    """Three servers at once, then one more: the hour's job is done once. Its next hour is the next time."""
    work, other = Work(), Work()
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(runner(settings, [Job("hourly", HOURLY, work)]))
        wait_until(lambda: work.done and not waiting(db, "hourly"), "the job to be done")
    with runner(settings, [Job("hourly", HOURLY, work), Job("other", HOURLY, other)]):
        wait_until(lambda: other.done, "the other job, which is due since the same hour")
    assert (work.done, other.done) == (1, 1)
    assert deferred(db, "hourly") == 1


def test_a_job_that_failed_is_tried_again(db: Engine, settings: Settings) -> None:
    """And its failure does not stop the others."""
    failing, other = Work(fails=1), Work()
    with runner(settings, [Job("failing", HOURLY, failing), Job("other", HOURLY, other)]):
        wait_until(lambda: other.done and failing.done, "both to be done once")
        wait_until(lambda: failing.done == 2 and not waiting(db, "failing"), "the failed job to be tried again")


def test_a_job_of_a_killed_server_is_done_by_the_next(db: Engine, settings: Settings) -> None:
    """What it had begun does not stay begun for ever."""
    work = Work()
    with db.begin() as connection:
        connection.execute(
            text("""INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')""")
        )
        connection.execute(
            text(
                """INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
                SELECT 'default', 'seldom', '{"timestamp": 0}', 'doing', max(id) FROM procrastinate_workers"""
            )
        )
    with runner(settings, [Job("seldom", SELDOM, work)]):
        wait_until(lambda: work.done, "the job to be done")


def test_jobs_go_on_when_the_database_comes_back(db: Engine, settings: Settings) -> None:
    """All connections cut: a moment later the next job is done."""
    work = Work()
    with runner(settings, [Job("hourly", HOURLY, work)]):
        wait_until(lambda: work.done == 1 and not waiting(db, "hourly"), "the job to be done")
        with administration(make_url(settings.database_url or "")) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wuyilou jobs'"
            )
        with db.begin() as connection:
            connection.execute(
                text(
                    """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
                    VALUES ('default', 'hourly', '{"timestamp": 0}')"""
                )
            )
        wait_until(lambda: work.done == 2, "the next job to be done", patience_s=60)


def test_a_server_that_stops_waits_for_the_job_under_way(db: Engine, settings: Settings) -> None:
    """It is finished and noted, not broken off."""
    work = Work()
    work.under_way.acquire()
    with runner(settings, [Job("hourly", HOURLY, work)]) as started:
        wait_until(lambda: waiting(db, "hourly") == [("doing", 0)], "the job to be under way")
        stopping = threading.Thread(target=started.stop)
        stopping.start()
        work.under_way.release()
        stopping.join()
    assert work.done == 1
    assert waiting(db, "hourly") == []


def test_everything_there_is_to_do_can_be_done(db: Engine, settings: Settings) -> None:
    """Each job of the installation, on an empty database; the nightly ones at night, local time."""
    engine = make_engine(settings.database_url or "", pool_size=2)
    for job in jobs(settings):
        job.work(engine, settings)
    engine.dispose()
    assert {job.cron for job in jobs(settings) if job.name.startswith("forget")} == {"17 19 * * *"}


class Asked:
    """A task that notes what it was asked for; `hold` keeps it under way until the server ends."""

    def __init__(self, *, hold: bool = False) -> None:
        self.subjects: list[str] = []
        self.hold = hold
        self.under_way = threading.Event()

    def __call__(self, _engine: Engine, _settings: Settings, subject: str, is_ending: Callable[[], bool]) -> None:
        """Note the subject."""
        self.under_way.set()
        if self.hold:
            wait_until(is_ending, "the server to end")
            raise RuntimeError("given up, the server ends")
        self.subjects.append(subject)


def ask(settings: Settings, subject: str, *, roll_back: bool = False) -> None:
    """Ask for the task "asked" in a transaction of its own."""
    engine = make_engine(settings.database_url or "", pool_size=1)
    try:
        with transaction(engine) as session:
            defer(session, "asked", subject, lock=subject)
            assert session.execute(text("SELECT count(*) FROM unit")).scalar_one() == 0, "our tables are found again"
            if roll_back:
                raise InterruptedError
    except InterruptedError:
        pass
    finally:
        engine.dispose()


def test_what_is_asked_for_is_done_once_by_several_servers(db: Engine, settings: Settings) -> None:
    work = Asked()
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(runner(settings, [], [Task("asked", work)]))
        ask(settings, "this")
        wait_until(lambda: work.subjects and not waiting(db, "asked"), "the task to be done")
    assert work.subjects == ["this"]


def test_what_is_asked_for_in_a_transaction_that_comes_to_nothing_is_never_done(db: Engine, settings: Settings) -> None:
    work = Asked()
    ask(settings, "this", roll_back=True)
    ask(settings, "that")
    with runner(settings, [], [Task("asked", work)]):
        wait_until(lambda: work.subjects and not waiting(db, "asked"), "the task to be done")
    assert work.subjects == ["that"]


def test_what_was_asked_for_before_a_restart_is_done_after_it(db: Engine, settings: Settings) -> None:
    """One waited, one was under way and gave up when it was told that the server ends."""
    first, second = Asked(hold=True), Asked()
    ask(settings, "begun")
    with runner(settings, [], [Task("asked", first)]):
        assert first.under_way.wait(30)
        ask(settings, "waiting")
    assert first.subjects == []
    with db.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    with runner(settings, [], [Task("asked", second)]):
        wait_until(lambda: not waiting(db, "asked"), "the tasks to be done")
    assert sorted(second.subjects) == ["begun", "waiting"]


def test_what_a_server_killed_just_now_had_begun_is_done_by_one_that_runs_already(
    db: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that runs had looked for broken jobs before this one was broken; a sign of life is old after 30 s."""
    monkeypatch.setattr("app.jobs.REVIVE_S", 0.5)
    work = Asked()
    with runner(settings, [], [Task("asked", work)]):
        ask(settings, "first")
        wait_until(lambda: work.subjects == ["first"], "the server to run")
        with db.begin() as connection:
            connection.execute(
                text(
                    """WITH gone AS (INSERT INTO procrastinate_workers (last_heartbeat)
                        VALUES (now() - interval '28 seconds') RETURNING id)
                    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
                    SELECT 'default', 'asked', '{"subject": "broken off"}', 'doing', id FROM gone"""
                )
            )
        wait_until(lambda: work.subjects == ["first", "broken off"], "the task to be done again", patience_s=60)


def test_tasks_have_names_of_their_own() -> None:
    names = [task.name for task in tasks()] + [job.name for job in jobs(Settings())]
    assert len(set(names)) == len(names)
