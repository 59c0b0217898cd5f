"""Roles and what each may do. What is not written here is not allowed."""

from enum import StrEnum


class Right(StrEnum):
    """What a route asks for; every route states exactly one."""

    OWN = "own"  # one's own password, sessions, data
    READ_COVERAGE = "coverage.read"
    READ_TRACKS = "tracks.read"  # where a person walked, and what they put down: each look is recorded
    SEND_RECORDS = "records.send"
    REVIEW = "review.decide"
    DECIDE_EXCLUSIONS = "exclusions.decide"
    READ_LEADS = "leads.read"
    MANAGE_LEADS = "leads.manage"
    READ_REPORTERS = "reporters.read"  # who reported: one role alone, and each look is recorded
    READ_DUTY = "duty.read"  # who is out, who has not started
    READ_SITES = "sites.read"
    MANAGE_SITES = "sites.manage"
    READ_BASELINES = "baselines.read"
    MANAGE_BASELINES = "baselines.manage"
    READ_CASES = "cases.read"
    MANAGE_CASES = "cases.manage"
    STRIKE_OFF = "cases.strike_off"
    READ_REPORTS = "reports.read"
    MANAGE_REPORTS = "reports.manage"
    READ_DETERMINATION = "determination.read"
    SIGN = "determination.sign"  # the head of a unit, or whom they delegated: the service looks
    SET_POLICY = "policy.set"  # of units below one's own
    REQUEST_EXCEPTIONS = "exceptions.request"
    DECIDE_EXCEPTIONS = "exceptions.decide"  # of units below one's own
    READ_ORDERS = "orders.read"
    MANAGE_ORDERS = "orders.manage"
    READ_SUPERVISION = "supervision.read"
    SUPERVISE = "supervision.manage"
    MANAGE_TERRITORY = "territory.manage"
    MANAGE_ACCOUNTS = "accounts.manage"
    MANAGE_WEBHOOKS = "webhooks.manage"
    READ_AUDIT = "audit.read"


class Role(StrEnum):
    """What a person is here."""

    OFFICER = "officer"
    VILLAGE = "village"
    TOWN = "town"
    COUNTY = "county"
    CITY = "city"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    INTAKE = "intake"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.OFFICER: "网格员",
    Role.VILLAGE: "村（社区）工作人员",
    Role.TOWN: "镇（街道）工作人员",
    Role.COUNTY: "县（市、区）工作人员",
    Role.CITY: "市级工作人员",
    Role.LEADER: "领导",
    Role.SUPERVISOR: "督导人员",
    Role.INTAKE: "举报受理人员",
    Role.ADMINISTRATOR: "系统管理员",
}

_SEES = frozenset(
    {
        Right.OWN,
        Right.READ_COVERAGE,
        Right.READ_TRACKS,
        Right.READ_LEADS,
        Right.READ_DUTY,
        Right.READ_SITES,
        Right.READ_BASELINES,
        Right.READ_CASES,
        Right.READ_REPORTS,
        Right.READ_DETERMINATION,
        Right.READ_ORDERS,
        Right.READ_SUPERVISION,
    }
)
_VILLAGE = _SEES | {
    Right.SEND_RECORDS,
    Right.REVIEW,
    Right.MANAGE_LEADS,
    Right.MANAGE_SITES,
    Right.MANAGE_BASELINES,
    Right.MANAGE_CASES,
    Right.MANAGE_REPORTS,
    Right.MANAGE_ORDERS,
    Right.REQUEST_EXCEPTIONS,
    Right.SIGN,
}
# Taking ground out of what must be covered, or a case off the list, makes a village's own figures better: the level
# above decides.
_ABOVE = _VILLAGE | {Right.DECIDE_EXCLUSIONS, Right.STRIKE_OFF, Right.DECIDE_EXCEPTIONS, Right.SET_POLICY}
# The heads of units: they read, send people out, and sign.
_LEADS = _SEES | {
    Right.MANAGE_ORDERS,
    Right.REQUEST_EXCEPTIONS,
    Right.DECIDE_EXCEPTIONS,
    Right.SET_POLICY,
    Right.SIGN,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OFFICER: frozenset({Right.OWN, Right.READ_COVERAGE, Right.READ_SITES, Right.SEND_RECORDS}),
    Role.VILLAGE: _VILLAGE,
    Role.TOWN: _ABOVE,
    Role.COUNTY: _ABOVE,
    Role.CITY: _ABOVE,
    Role.LEADER: _LEADS,
    Role.SUPERVISOR: _SEES | {Right.SUPERVISE},
    Role.INTAKE: frozenset(
        {
            Right.OWN,
            Right.READ_COVERAGE,
            Right.READ_SITES,
            Right.READ_LEADS,
            Right.MANAGE_LEADS,
            Right.READ_REPORTERS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Right.OWN,
            Right.READ_COVERAGE,
            Right.MANAGE_TERRITORY,
            Right.MANAGE_ACCOUNTS,
            Right.MANAGE_WEBHOOKS,
            Right.READ_AUDIT,
        }
    ),
}
# Routes with these are written into the audit even when they only read.
PERSONAL = frozenset({Right.READ_TRACKS, Right.REVIEW, Right.READ_REPORTERS})
EVERY_RIGHT = frozenset(Right)
