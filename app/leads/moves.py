"""Which steps a lead may take: new, assigned, checked, true or false, rewarded; and back with a reason."""

from app.leads.wording import UNREPORTED

# In the order in which a page offers them.
_ALLOWED: dict[str, frozenset[str]] = {
    "assign": frozenset({"new", "assigned"}),
    "check": frozenset({"assigned"}),
    "judge": frozenset({"checked"}),
    "reward": frozenset({"true"}),
    "match": frozenset({"new", "assigned", "checked"}),
    "place": frozenset({"new", "assigned", "checked"}),
    "reopen": frozenset({"true", "false", "rewarded"}),
    "note": frozenset({"new", "assigned", "checked", "true", "false", "rewarded"}),
}
STEP_NAMES = {
    "assign": "分派",
    "check": "登记核查",
    "judge": "认定",
    "reward": "发放奖励",
    "match": "匹配场所",
    "place": "定位",
    "reopen": "重新办理",
    "note": "备注",
}


def is_allowed(step: str, state: str) -> bool:
    """Whether a lead in a state may take a step.

    >>> is_allowed("judge", "assigned"), is_allowed("judge", "checked")
    (False, True)
    """
    return state in _ALLOWED[step]


def possible(state: str, source: str, is_paid: bool) -> list[str]:
    """What may be done next with a lead, the usual step first; whom nobody reported nobody is paid for.

    >>> possible("true", "hotline", False), possible("true", "vehicle", False)
    (['reward', 'reopen', 'note'], ['reopen', 'note'])
    """
    steps = [step for step, states in _ALLOWED.items() if state in states]
    return [step for step in steps if step != "reward" or (source not in UNREPORTED and not is_paid)]
