"""The plan of the demo, made once: it takes some seconds."""

from zoneinfo import ZoneInfo

import pytest

from app.settings import CycleDays
from demo.plan import Plan, make_plan
from tests.demo.small import LAST_DAY, built, loaded, small

__all__ = ["LAST_DAY", "ZONE", "built", "loaded", "small"]
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The demo as it is built for a fixed day."""
    return make_plan(LAST_DAY, ZONE, CycleDays().of, workers=2)
