"""Webhooks: who is told each morning, and what became of it."""

from datetime import time, timedelta
from typing import Any

from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import transaction
from app.errors import InvalidInputError, NotFoundError
from app.live import robots
from app.live.digest import digest
from app.live.queries import webhooks as sql
from app.live.robots import NotTakenError
from app.live.schemas import Delivery, Trial, Webhook, WebhookChange, WebhookIn
from app.scope import outside
from app.settings import Settings
from app.territory import service as territory

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)  # doubled after each attempt


def listed(session: Session, actor: Actor) -> list[Webhook]:
    """The webhooks of units in the actor's scope."""
    return [_webhook(row) for row in sql.listed(session, actor.scope)]


def add(session: Session, actor: Actor, given: WebhookIn) -> Webhook:
    """A new webhook. Raises NotFoundError, ForbiddenError (the unit), InvalidInputError (a secret that is not used)."""
    territory.unit_in_scope(session, actor.scope, given.unit_code)
    values = given.model_dump()
    _check(values)
    return one(session, actor, sql.add(session, {**values, "created_by": actor.label}))


def change(session: Session, actor: Actor, webhook_id: int, given: WebhookChange) -> Webhook:
    """Change what is given; what is left out stays. Raises as `add`."""
    row = _row(session, actor, webhook_id)
    names = ("name", "format", "url", "secret", "unit_code", "enabled")
    values = {name: getattr(row, name) for name in names} | given.model_dump(exclude_unset=True)
    _check(values)
    territory.unit_in_scope(session, actor.scope, values["unit_code"])
    sql.put(session, webhook_id, values)
    return one(session, actor, webhook_id)


def one(session: Session, actor: Actor, webhook_id: int) -> Webhook:
    """A webhook. Raises NotFoundError, ForbiddenError."""
    return _webhook(_row(session, actor, webhook_id))


def remove(session: Session, actor: Actor, webhook_id: int) -> None:
    """Delete a webhook. Raises NotFoundError, ForbiddenError."""
    _row(session, actor, webhook_id)
    sql.delete(session, webhook_id)


def try_out(session: Session, settings: Settings, actor: Actor, webhook_id: int) -> Trial:
    """Send a line now, at a person's wish, whatever the hour. Raises NotFoundError, ForbiddenError."""
    row = _row(session, actor, webhook_id)
    text = f"无遗漏：测试消息。{row.name} 已接通，每天早上将收到 {row.unit_name} 的超期情况。"
    try:
        _hand_over(settings, row, robots.message(row.format, "无遗漏 测试消息", text))
    except NotTakenError as error:
        return Trial(sent=False, error=str(error))
    return Trial(sent=True, error=None)


def run(engine: Engine, settings: Settings) -> int:
    """Make the day's messages and send what is due; how many were sent. In quiet hours nothing is made or sent."""
    now = settings.now()
    if is_quiet(settings, now.time()) or now.time() < settings.work_starts:
        return 0
    with transaction(engine) as session:
        for row in sql.without_delivery(session, now.date()):
            body = digest(session, settings, row.format, row.unit_code)
            sql.add_delivery(session, row.id, now.date(), body, now)
    sent = 0
    while (taken := _send_one(engine, settings)) is not None:
        sent += taken
    return sent


def is_quiet(settings: Settings, at: time) -> bool:
    """Whether a local time lies in the quiet hours, which may go over midnight; equal ends: there are none."""
    start, end = settings.quiet_from, settings.quiet_until
    return start <= at < end if start <= end else at >= start or at < end


def _send_one(engine: Engine, settings: Settings) -> bool | None:
    """Send one message that is due, if any; whether it was taken."""
    with transaction(engine) as session:
        now = settings.now()
        row = sql.take(session, now.date(), now, MOST_ATTEMPTS)
        if row is None:
            return None
        try:
            _hand_over(settings, row, row.body)
        except NotTakenError as error:
            sql.note(session, row.id, None, str(error), now + FIRST_WAIT * 2**row.attempts)
            return False
        sql.note(session, row.id, settings.now(), None, now)
        return True


def _hand_over(settings: Settings, row: Row[Any], body: dict[str, Any]) -> None:
    secret = row.secret if row.format == "dingtalk" else None
    robots.send(robots.signed(row.url, secret, int(settings.now().timestamp() * 1000)), body)


def _row(session: Session, actor: Actor, webhook_id: int) -> Row[Any]:
    row = sql.one(session, webhook_id)
    if row is None:
        raise NotFoundError("没有这个群机器人，可能已被删除。请刷新页面。", id=webhook_id)
    if not actor.scope.holds_unit(row.path):
        raise outside(row.unit_code)
    return row


def _check(values: dict[str, Any]) -> None:
    if values["secret"] and values["format"] != "dingtalk":
        raise InvalidInputError("只有钉钉机器人使用加签密钥。请清空密钥，或把格式改为钉钉。")


def _webhook(row: Row[Any]) -> Webhook:
    last = None
    if row.last_day is not None:
        last = Delivery(day=row.last_day, sent_at=row.last_sent_at, attempts=row.last_attempts, error=row.last_error)
    return Webhook(
        id=row.id,
        name=row.name,
        format=row.format,
        address=_masked(row.url),
        has_secret=bool(row.secret),
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        enabled=row.enabled,
        created_by=row.created_by,
        created_at=row.created_at,
        last=last,
    )


def _masked(url: str) -> str:
    """An address without the key in it: whoever has the key may write into the chat."""
    return f"{url.partition('?')[0][:60]}…{url[-4:]}"
