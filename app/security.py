"""Who may do what, until accounts exist: reading on this machine, writing with the operator's token. Default deny."""

import hmac
import ipaddress
from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import DomainError, ForbiddenError, InvalidInputError, UnauthenticatedError, answer
from app.limits import drain

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
# A sender in the middle of an upload reads no answer: what comes is thrown away up to so much first.
_DRAINED_BYTES = 256 * 1024 * 1024


def check_operator(token: SecretStr | None, authorization: str | None) -> None:
    """Raise UnauthenticatedError unless the header carries the token; ForbiddenError when no token is configured."""
    expected = "" if token is None else token.get_secret_value().strip()
    if not expected:  # an empty setting is none: it must not let everybody in
        raise ForbiddenError("本系统未配置操作令牌，不接受写入。请管理员设置 WUYILOU_OPERATOR_TOKEN 后重启。")
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), expected.encode()):
        raise UnauthenticatedError("操作令牌缺失或不正确。请在请求头中携带 Authorization: Bearer 令牌。")


def require_operator(request: Request, authorization: Annotated[str | None, Header()] = None) -> str:
    """The name of the operator whose token the request carries; refuses everybody when no token is configured."""
    check_operator(request.app.state.settings.operator_token, authorization)
    return "operator"


OperatorDep = Annotated[str, Depends(require_operator)]


class Doorkeeper:
    """ASGI middleware: refuses other names of this machine, unreadable addresses, and writes without the token.

    A page of another site can make its own name stand for 127.0.0.1 and read what is open to this machine (DNS
    rebinding); its name is in the Host header then. Writes are refused before their body is stored anywhere.
    """

    def __init__(self, app: ASGIApp, token: SecretStr | None, names: Iterable[str]) -> None:
        self.app = app
        self.token = token
        self.names = frozenset(name.strip().lower() for name in names if name.strip()) | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer in its place."""
        try:
            if scope["type"] == "http":
                self._check(scope)
        except DomainError as error:
            await drain(scope, receive, _DRAINED_BYTES)
            await answer(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = [(name, value.decode("latin-1")) for name, value in scope["headers"]]
        for host in (value for name, value in headers if name == b"host"):
            self._check_host(host)
        if "\0" in scope["path"] or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
            raise InvalidInputError("地址中含有空字符（%00），不能识别。请去掉后重试。")
        if scope["method"] not in _READING:
            check_operator(self.token, next((value for name, value in headers if name == b"authorization"), None))

    def _check_host(self, host: str) -> None:
        name = _name_of(host)
        if name not in self.names and not _is_address(name):
            raise ForbiddenError(
                f"本系统不以主机名 {name[:100]} 提供服务。请用 IP 地址或 localhost 打开；"
                "若这确是本系统的主机名，请管理员设置 WUYILOU_ALLOWED_HOSTS 后重启。",
                host=name[:100],
            )


def _name_of(host: str) -> str:
    """The host without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
