"""API tokens: for machines, never more than their owner may, never for long."""

import secrets
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.queries import tokens as queries
from app.accounts.schemas.people import Token
from app.accounts.schemas.tokens import NewToken, TokenSecret
from app.accounts.sessions import TOKEN_PREFIX, digest_of
from app.actor import Actor
from app.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.rights import Right
from app.settings import Settings
from app.territory import service as territory

LONGEST_DAYS = 366
# A machine neither changes passwords nor gives rights away.
NOT_FOR_MACHINES = frozenset({Right.OWN, Right.MANAGE_ACCOUNTS})


def own(session: Session, actor: Actor) -> list[Token]:
    """The actor's tokens, newest first."""
    return [Token(**row._mapping) for row in queries.of(session, service.own_account(actor))]


def add(session: Session, settings: Settings, actor: Actor, wanted: NewToken) -> TokenSecret:
    """A new token of the actor's own. Raises ForbiddenError beyond their rights or scope, InvalidInputError."""
    account_id = service.own_account(actor)
    if actor.must_change_password:  # whoever gave the password would keep a way in
        raise ForbiddenError("请先修改初始密码，再新建接口令牌。", reason="password_change_required")
    today, last = settings.today(), wanted.expires_on
    if not today <= last <= today + timedelta(LONGEST_DAYS):
        raise InvalidInputError(f"有效期须在今天至 {LONGEST_DAYS} 天以内。", longest_days=LONGEST_DAYS)
    beyond = sorted(right for right in wanted.rights if right not in actor.rights or right in NOT_FOR_MACHINES)
    if beyond:
        raise ForbiddenError(f"接口令牌不能有您没有的权限，或账号管理权限：{'、'.join(beyond)}。", rights=beyond)
    for code in wanted.unit_codes or ():
        unit = territory.unit_or_404(session, code)
        actor.scope.check_unit(code, unit.path)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    values = {
        "account_id": account_id,
        "name": wanted.name,
        "digest": digest_of(secret),
        "rights": sorted(set(wanted.rights)),
        "unit_codes": None if wanted.unit_codes is None else sorted(set(wanted.unit_codes)),
        "now": settings.now(),
        "expires_at": datetime.combine(last + timedelta(1), time(), settings.zone),
    }
    token_id = queries.add(session, values)
    actor.facts.update(token=wanted.name, rights=values["rights"])
    stored = next(token for token in own(session, actor) if token.id == token_id)
    return TokenSecret(token=stored, secret=secret)


def revoke(session: Session, settings: Settings, actor: Actor, token_id: UUID) -> None:
    """End a token of the actor's own; a second time changes nothing. Raises NotFoundError."""
    if not queries.revoke(session, service.own_account(actor), token_id, settings.now()):
        raise NotFoundError("没有这个接口令牌。请刷新页面。")
