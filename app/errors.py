"""Domain errors, which know no HTTP, and the one table that turns them into answers.

Every answer of an error has one shape: {"error": {"code", "message", "facts"}}. The message is for the person: what is
wrong, where, and what to do. An unexpected failure answers an id and logs the rest.
"""

import json
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("wuyilou")


class DomainError(Exception):
    """Something a person must be told, in Chinese; `facts` are for machines and must be JSON."""

    code = "domain_error"

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class NotFoundError(DomainError):
    """What was asked for does not exist."""

    code = "not_found"


class InvalidInputError(DomainError):
    """The input cannot be accepted as it is."""

    code = "invalid_input"


class ConflictError(DomainError):
    """The same id stands for something else already, or the state does not allow it."""

    code = "conflict"


class TooLargeError(DomainError):
    """The input is beyond a bound."""

    code = "too_large"


class ForbiddenError(DomainError):
    """Not allowed."""

    code = "forbidden"


class UnauthenticatedError(DomainError):
    """Nobody proved who they are."""

    code = "unauthenticated"


class TooManyError(DomainError):
    """Too often in too short a time; `retry_after_s` in the facts."""

    code = "too_many"


STATUS: Mapping[type[DomainError], int] = {
    NotFoundError: 404,
    InvalidInputError: 422,
    ConflictError: 409,
    TooLargeError: 413,
    ForbiddenError: 403,
    UnauthenticatedError: 401,
    TooManyError: 429,
}

_HTTP_MESSAGES = {
    400: "请求的格式无法读取，未保存任何内容。请按接口说明改正后重发。",
    404: "没有这个地址。请从首页进入。",
    405: "这个地址不支持该操作。",
    413: "上传内容过大。",
}


def answer(error: DomainError) -> Response:
    """The answer of a domain error."""
    headers = {"Retry-After": str(error.facts["retry_after_s"])} if "retry_after_s" in error.facts else None
    return _answer(_status_of(error), error.code, error.message, error.facts, headers)


def unavailable(error: Exception) -> Response:
    """The answer when the database cannot be reached."""
    incident = _logged("database unavailable", error)
    message = "数据库暂时不可用，请稍后重试；未确认的内容请保留。"
    return _answer(503, "database_unavailable", message, {"incident": incident})


def _answer(
    status: int,
    code: str,
    message: str,
    facts: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    # A message may quote what came in, half characters (lone surrogates) included, which UTF-8 cannot hold.
    error = {"code": code, "message": message, "facts": dict(facts or {})}
    text = json.dumps({"error": error}, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode(errors="replace"), status, dict(headers or {}), "application/json")


def _status_of(error: DomainError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


class UnexpectedFailures:
    """ASGI middleware: an unexpected failure answers an id and logs the rest.

    Not an exception handler: Starlette runs the one for Exception outside of all middleware, where the answer would
    miss the security headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer 500 if that fails before an answer has begun."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            incident = _logged("unexpected failure", error)
            text = f"系统出错，编号 {incident}。请把编号告诉管理员。"
            await _answer(500, "internal", text, {"incident": incident})(scope, receive, send)


def _logged(what: str, error: Exception) -> str:
    incident = uuid.uuid4().hex[:12]
    log.error("%s, incident %s", what, incident, exc_info=error)
    return incident


def install(app: FastAPI) -> None:
    """Put the table into force on an application."""

    @app.exception_handler(DomainError)
    def _domain(_request: Request, error: DomainError) -> Response:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: RequestValidationError) -> Response:
        problems = [
            {"where": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]} for item in error.errors()
        ]
        where = "、".join(dict.fromkeys(p["where"] for p in problems[:5]))
        kept = "" if request.method in ("GET", "HEAD") else "，本次未保存任何内容"
        message = f"请求内容有误：{where}。共 {len(problems)} 处，请按接口说明改正后重发{kept}。"
        return _answer(422, "invalid_input", message, {"problems": problems[:50], "count": len(problems)})

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> Response:
        message = _HTTP_MESSAGES.get(error.status_code, "请求未能完成。")
        return _answer(error.status_code, f"http_{error.status_code}", message, headers=error.headers)

    @app.exception_handler(DataError)
    def _unstorable(_request: Request, error: DataError) -> Response:
        incident = _logged("the database refused a value", error)
        message = "内容中有数据库不能保存的字符或数值（如空字符），未保存任何内容。请改正后重发。"
        return _answer(422, "invalid_input", message, {"incident": incident})

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeoutError)
    def _database(_request: Request, error: Exception) -> Response:
        return unavailable(error)
