"""Who may do what, until accounts exist: reading on this machine, writing with the operator's token. Default deny."""

import hmac
from typing import Annotated

from fastapi import Depends, Header, Request

from app.errors import ForbiddenError, UnauthenticatedError


def require_operator(request: Request, authorization: Annotated[str | None, Header()] = None) -> str:
    """The name of the operator whose token the request carries; refuses everybody when no token is configured."""
    token = request.app.state.settings.operator_token
    if token is None:
        raise ForbiddenError("本系统未配置操作令牌，不接受写入。请管理员设置 WUYILOU_OPERATOR_TOKEN 后重启。")
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
        raise UnauthenticatedError("操作令牌缺失或不正确。请在请求头中携带 Authorization: Bearer 令牌。")
    return "operator"


OperatorDep = Annotated[str, Depends(require_operator)]
