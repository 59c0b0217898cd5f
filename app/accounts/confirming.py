"""The password once more: before somebody signs for what they answer for."""

from sqlalchemy.orm import Session

from app.accounts import guessing, passwords
from app.accounts.queries import sessions as queries
from app.actor import Actor
from app.errors import DomainError, ForbiddenError, InvalidInputError
from app.settings import Settings


def confirm(session: Session, settings: Settings, actor: Actor, password: str) -> DomainError | None:
    """None when the password is the actor's own; else the refusal, to be returned and not raised, so that the attempt
    stays counted. Raises ForbiddenError for machines, InvalidInputError for people without a password here."""
    if actor.via != "session" or actor.username is None:
        raise ForbiddenError("签字、退回和委托须由本人登录后办理，不能使用令牌。")
    row = queries.by_name(session, actor.username, settings.today())
    if row is None or row.password_hash is None:
        raise InvalidInputError("本账号通过统一身份认证登录，没有本系统密码，不能签字。请联系系统管理员设置密码。")
    now = settings.now()
    late = guessing.refusal(session, settings.sign_in, actor.username, actor.address, now)
    if late is not None:
        return late
    if passwords.is_right(row.password_hash, password):
        return None
    guessing.note(session, actor.username, actor.address, False, now)
    actor.facts["refused"] = "wrong_password"
    return InvalidInputError("密码不正确，未办理。请重新输入。", reason="wrong_password")
