"""Reports prepare themselves: what is due and missing, once, however often and by however many runs."""

import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import make_engine, transaction
from app.jobs import Runner, jobs, make_app
from app.reports.cases import Period
from app.reports.service import prepare_due
from app.reports.submissions.rhythm import newest, next_due, recent
from app.settings import Reporting
from tests.app.reports.office import DUE, WEEK, ZONE, Clock, Office, opened
from tests.app.reports.records import TOWN, V11, V12, V21, put_case
from tests.support.databases import wait_until

MADE = """SELECT form, unit_code, first_day::text, last_day::text, version, due_at FROM submission
    ORDER BY form, unit_code, first_day"""
UNITS = 8  # three towns, five villages


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database, tmp_path) as office:
        yield office


@pytest.mark.parametrize(
    ("at", "form", "period", "due"),
    [
        ((2026, 3, 10, 16), "F2", (date(2026, 2, 26), date(2026, 3, 4)), (2026, 3, 4, 17)),
        ((2026, 3, 10, 17), "F2", (date(2026, 3, 5), date(2026, 3, 11)), (2026, 3, 11, 17)),
        ((2026, 3, 11, 23), "F2", (date(2026, 3, 5), date(2026, 3, 11)), (2026, 3, 11, 17)),
        ((2026, 2, 27, 16), "F4", (date(2026, 1, 1), date(2026, 1, 31)), (2026, 1, 31, 17)),
        ((2026, 2, 27, 17), "F4", (date(2026, 2, 1), date(2026, 2, 28)), (2026, 2, 28, 17)),
        ((2027, 1, 1, 0), "F4", (date(2026, 12, 1), date(2026, 12, 31)), (2026, 12, 31, 17)),
    ],
)
def test_a_term_begins_a_day_before_it_is_due(
    at: tuple[int, ...], form: str, period: tuple[date, date], due: tuple[int, ...]
) -> None:
    clock = Clock(at=datetime(*at, tzinfo=ZONE))  # type: ignore[misc,arg-type]
    term = newest(clock, form)  # type: ignore[arg-type]
    assert (term.period, term.due_at) == (period, datetime(*due, tzinfo=ZONE))  # type: ignore[misc,arg-type]


def test_weekday_and_hour_are_settings() -> None:
    rhythm = Reporting(weekday=4, hour=12, monthly_hour=9, prepare_hours=48)
    clock = Clock(at=datetime(2026, 3, 11, 12, tzinfo=ZONE), reporting=rhythm)
    assert newest(clock, "F2")[1:] == (
        Period(date(2026, 3, 7), date(2026, 3, 13)), datetime(2026, 3, 13, 12, tzinfo=ZONE),
    )  # fmt: skip
    assert next_due(clock, "F4").due_at == datetime(2026, 3, 31, 9, tzinfo=ZONE)


def test_the_next_term_is_the_first_that_is_not_over() -> None:
    clock = Clock(at=datetime(2026, 3, 11, 17, tzinfo=ZONE))
    assert next_due(clock, "F2").period == Period(date(2026, 3, 12), date(2026, 3, 18))
    assert [term.period.first_day for term in recent(clock, "F4")] == [
        date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1),
    ]  # fmt: skip


def test_every_town_and_village_has_its_report_once(office: Office) -> None:
    assert office.prepare() == UNITS
    assert office.prepare() == 0
    made = office.rows(MADE)
    assert len(made) == UNITS
    assert {tuple(row[2:5]) for row in made} == {(*WEEK, 1)}, "F4 of a month long over is not asked for"
    assert {row.form for row in made} == {"F2"}
    assert {row.due_at for row in made} == {DUE}
    steps = office.rows("SELECT step, by_name FROM submission_step")
    assert {tuple(step) for step in steps} == {("prepared", "系统")}
    assert len(steps) == UNITS


def test_two_runs_at_once_make_none_twice(office: Office) -> None:
    """Both begin together, each with connections of its own."""
    start = threading.Barrier(2)
    made: list[int] = []

    def run() -> None:
        engine = make_engine(office.settings.database_url or "", pool_size=2)
        start.wait()
        made.append(prepare_due(engine, office.settings))
        engine.dispose()

    runs = [threading.Thread(target=run) for _ in range(2)]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert sum(made) == UNITS
    assert len(office.rows(MADE)) == UNITS
    assert len(office.rows("SELECT 1 FROM submission_step")) == UNITS


def test_two_servers_do_the_job_and_what_one_left_out_is_made_up_for(office: Office) -> None:
    """The job runner's own: several servers on one database, then one more after some reports got lost."""
    office.settings.reporting.prepare_hours = 144  # whenever the test runs, a week is being prepared
    office.prepare()
    with office.engine.begin() as connection:
        for sql in ("TRUNCATE submission_step, submission",):
            connection.execute(text(sql))
    [job] = [job for job in jobs(office.settings) if job.name == "prepare_reports"]
    runners = []
    for _ in range(2):
        engine = make_engine(office.settings.database_url or "", pool_size=2)
        runners.append((Runner(make_app(office.settings, engine, [job])), engine))
        runners[-1][0].start()
    try:
        wait_until(lambda: len(office.rows(MADE)) == UNITS, "the reports to be prepared")
    finally:
        for runner, engine in runners:
            runner.stop()
            engine.dispose()
    assert office.prepare() == 0
    assert len(office.rows("SELECT 1 FROM submission_step")) == UNITS


def test_weeks_without_a_server_are_made_up_for_but_none_before_the_first(office: Office) -> None:
    office.prepare()
    office.at(2026, 4, 1, 9)  # three weeks later; on the 31st F4 was due too
    made = office.prepare()
    assert {row.last_day for row in office.rows(MADE) if row.form == "F4"} == {"2026-03-31"}
    weeks = {row.last_day for row in office.rows(MADE) if row.form == "F2"}
    assert weeks == {"2026-03-11", "2026-03-18", "2026-03-25", "2026-04-01"}
    assert made == 4 * UNITS


def test_another_weekday_does_not_ask_for_the_weeks_of_before_once_more(office: Office) -> None:
    office.prepare()
    office.settings.reporting.weekday = 4
    office.at(2026, 3, 19, 18)
    assert office.prepare() == 2 * UNITS
    ends = {row.last_day for row in office.rows(MADE)}
    assert ends == {"2026-03-11", "2026-03-13", "2026-03-20"}


def test_the_form_is_kept_as_it_stood(office: Office) -> None:
    with transaction(office.engine) as session:
        put_case(session, "1", V11, date(2026, 3, 6), fine_wan="0.5")
    office.prepare()
    with transaction(office.engine) as session:
        put_case(session, "2", V12, date(2026, 3, 7))
    shown = office.own("town", TOWN)
    assert shown["paper"]["total"][:3] == ["合计", 0, 1]
    assert [row[0] for row in shown["paper"]["rows"]] == ["柳树村", "石桥村"]
    assert shown["paper"]["rows"][0][13] == 0.5
    assert any("数据截至 2026-03-10 18:00" in note for note in shown["paper"]["notes"])
    assert office.own("v21", V21)["paper"]["total"][2] == 0
