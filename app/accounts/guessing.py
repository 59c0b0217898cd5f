"""Against guessing: a name is locked after some failures, and an address from which many come is slowed down."""

import math
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.queries import attempts
from app.errors import TooManyError
from app.settings import SignIn

_LONGEST_NAME = 100


def refusal(session: Session, rules: SignIn, username: str, address: str, now: datetime) -> TooManyError | None:
    """Why nobody may try this name, or from this address, just now; None when they may. One at a time for a name."""
    if not attempts.take_turn(session, username):
        return _later("该账号的密码正在核对，请稍候再试。", 1)
    until = _locked_until(session, rules, username)
    if until is not None and until > now:
        minutes = -(-int((until - now).total_seconds()) // 60)
        return _later(
            f"密码连续输错 {rules.failures} 次，该账号已暂时锁定，约 {minutes} 分钟后可再试。"
            "忘记密码请联系系统管理员重置。",
            (until - now).total_seconds(),
        )
    window = timedelta(minutes=rules.lock_minutes)
    found = attempts.failures_of_address(session, address, now - window)
    if found.failures < rules.address_failures:
        return None
    wait_s = (found.newest + window / rules.address_failures - now).total_seconds()
    return _later("从本网络地址登录失败次数过多，请稍候再试。", wait_s) if wait_s > 0 else None


def note(session: Session, username: str, address: str, succeeded: bool, now: datetime) -> None:
    """Remember how an attempt ended."""
    attempts.note(session, now, username[:_LONGEST_NAME], address, succeeded)


def _locked_until(session: Session, rules: SignIn, username: str) -> datetime | None:
    """Refused attempts are not counted, so nobody can keep a name locked without end by trying on."""
    window = timedelta(minutes=rules.lock_minutes)
    failures = attempts.failures_of_name(session, username[:_LONGEST_NAME], rules.failures)
    if len(failures) < rules.failures or failures[0] - failures[-1] >= window:
        return None
    return failures[0] + window


def _later(message: str, wait_s: float) -> TooManyError:
    return TooManyError(message, retry_after_s=max(1, math.ceil(wait_s)))


def forget(session: Session, before: datetime) -> None:
    """Delete attempts made before an instant."""
    attempts.forget(session, before)
