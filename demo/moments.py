"""Acts of past days: the services' own clock, standing still at an instant of the demo's last days."""

from datetime import datetime, time, timedelta

from app.settings import Settings
from demo.plan import Plan

LATEST = time(12)


class _Standing(Settings):
    at: datetime

    def now(self) -> datetime:
        """The instant at which the clock stands, in the local zone."""
        return self.at.astimezone(self.zone)


def standing(settings: Settings, at: datetime) -> Settings:
    """The same installation at an instant."""
    return _Standing.model_construct(**{**dict(settings), "at": at})


def present(settings: Settings, plan: Plan) -> datetime:
    """When the demo plays: now, but never later than the noon after its last day."""
    noon = datetime.combine(plan.clock.last_day + timedelta(days=1), LATEST, plan.clock.zone)
    return min(settings.now(), noon)


def ago(now: datetime, days: int, at: time) -> datetime:
    """So many days before an instant, at a time of day; never after it."""
    return min(now, datetime.combine(now.date() - timedelta(days=days), at, now.tzinfo))
