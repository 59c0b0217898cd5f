"""When which report is due, and for which days. Nothing here asks the database."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from app.reports.cases import Period
from app.settings import Settings

DueForm = Literal["F2", "F4"]
FORMS: tuple[DueForm, ...] = ("F2", "F4")
# So many periods back a report that was never prepared is made up for, and one that is missing is named.
TERMS_BACK: dict[DueForm, int] = {"F2": 6, "F4": 3}
WEEK = timedelta(days=7)


class Term(NamedTuple):
    """A form's period with the instant at which it is due, in the local zone."""

    form: DueForm
    period: Period
    due_at: datetime


def newest(settings: Settings, form: DueForm) -> Term:
    """The last term whose report is to be prepared by now."""
    latest = settings.now() + timedelta(hours=settings.reporting.prepare_hours)
    term = _holding(settings, form, latest.date())
    return term if term.due_at <= latest else _before(settings, term)


def next_due(settings: Settings, form: DueForm) -> Term:
    """The first term that is not over yet."""
    now = settings.now()
    term = _holding(settings, form, now.date())
    return term if term.due_at > now else _holding(settings, form, term.period.last_day + timedelta(1))


def recent(settings: Settings, form: DueForm) -> list[Term]:
    """The newest term and those before it, newest first, `TERMS_BACK` in all."""
    terms = [newest(settings, form)]
    while len(terms) < TERMS_BACK[form]:
        terms.append(_before(settings, terms[-1]))
    return terms


def _holding(settings: Settings, form: DueForm, day: date) -> Term:
    """The term whose days hold a day: the week that ends on the weekday, or the month."""
    if form == "F2":
        last = day + timedelta((settings.reporting.weekday - day.weekday()) % 7)
        return _term(settings, form, last - WEEK + timedelta(1), last, settings.reporting.hour)
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return _term(settings, form, day.replace(day=1), last, settings.reporting.monthly_hour)


def _before(settings: Settings, term: Term) -> Term:
    return _holding(settings, term.form, term.period.first_day - timedelta(1))


def _term(settings: Settings, form: DueForm, first: date, last: date, hour: int) -> Term:
    return Term(form, Period(first, last), datetime.combine(last, time(hour), settings.zone))
