"""Domain errors, which know no HTTP, and the one table that turns them into answers.

Every answer of an error has one shape: {"error": {"code", "message", "facts"}}. The message is for the person: what is
wrong, where, and what to do. An unexpected failure answers an id and logs the rest.
"""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

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


STATUS: Mapping[type[DomainError], int] = {
    NotFoundError: 404,
    InvalidInputError: 422,
    ConflictError: 409,
    TooLargeError: 413,
    ForbiddenError: 403,
    UnauthenticatedError: 401,
}

_HTTP_MESSAGES = {404: "没有这个地址。请从首页进入。", 405: "这个地址不支持该操作。", 413: "上传内容过大。"}


def _answer(status: int, code: str, message: str, facts: Mapping[str, Any] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "facts": dict(facts or {})}}, status_code=status)


def _status_of(error: DomainError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def install(app: FastAPI) -> None:
    """Put the table into force on an application."""

    @app.exception_handler(DomainError)
    def _domain(_request: Request, error: DomainError) -> JSONResponse:
        return _answer(_status_of(error), error.code, error.message, error.facts)

    @app.exception_handler(RequestValidationError)
    def _validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        problems = [
            {"where": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]} for item in error.errors()
        ]
        where = "、".join(dict.fromkeys(p["where"] for p in problems[:5]))
        message = f"请求内容有误：{where}。共 {len(problems)} 处，请按接口说明改正后重发，本次未保存任何内容。"
        return _answer(422, "invalid_input", message, {"problems": problems[:50], "count": len(problems)})

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> JSONResponse:
        message = _HTTP_MESSAGES.get(error.status_code, "请求未能完成。")
        return _answer(error.status_code, f"http_{error.status_code}", message)

    @app.exception_handler(OperationalError)
    def _database(_request: Request, error: OperationalError) -> JSONResponse:
        incident = uuid.uuid4().hex[:12]
        log.error("database unavailable, incident %s: %s", incident, error)
        return _answer(
            503, "database_unavailable", "数据库暂时不可用，请稍后重试；未确认的内容请保留。", {"incident": incident}
        )

    @app.exception_handler(Exception)
    def _unexpected(_request: Request, error: Exception) -> JSONResponse:
        incident = uuid.uuid4().hex[:12]
        log.exception("unexpected failure, incident %s", incident, exc_info=error)
        return _answer(500, "internal", f"系统出错，编号 {incident}。请把编号告诉管理员。", {"incident": incident})
