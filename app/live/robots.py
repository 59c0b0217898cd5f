"""Robots of group chats: what 企业微信 and 钉钉 take, and how a message is handed over."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx2

from app.live.schemas import Format

MOST_BYTES = {"wecom": 4096, "dingtalk": 20_000}
PATIENCE_S = 10.0
_READ_BYTES = 64 * 1024


class NotTakenError(Exception):
    """The message was not taken; the text says why, in Chinese."""


def fits(kind: Format, text: str) -> bool:
    """Whether the robot takes a text of that length."""
    return len(text.encode()) <= MOST_BYTES[kind]


def message(kind: Format, title: str, text: str) -> dict[str, Any]:
    """The body that carries a text in Markdown."""
    if kind == "wecom":
        return {"msgtype": "markdown", "markdown": {"content": text}}
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def signed(url: str, secret: str | None, now_ms: int) -> str:
    """The address with 钉钉's signature, if it wants one."""
    if not secret:
        return url
    digest = hmac.digest(secret.encode(), f"{now_ms}\n{secret}".encode(), hashlib.sha256)
    sign = quote_plus(base64.b64encode(digest))
    return f"{url}{'&' if urlsplit(url).query else '?'}timestamp={now_ms}&sign={sign}"


def send(url: str, body: dict[str, Any]) -> None:
    """Hand a message over. Raises NotTakenError when it was not taken, or nobody knows whether it was."""
    try:
        status, text = asyncio.run(_posted(url, body))
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
        raise NotTakenError(
            f"无法送达 {urlsplit(url).hostname}（{type(error).__name__}）。请检查网络和地址。"
        ) from error
    if 300 <= status < 400:
        raise NotTakenError(f"对方要求转到别的地址（HTTP {status}），未跟随。请改用正确的地址。")
    if status != 200:
        raise NotTakenError(f"对方答复 HTTP {status}。请检查地址。")
    try:
        answered = json.loads(text)
        code, words = answered["errcode"], str(answered.get("errmsg", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotTakenError("对方的答复不是群机器人的格式。请检查地址。") from error
    if code != 0:
        raise NotTakenError(f"群机器人拒绝了消息：{code} {words[:200]}")


async def _posted(url: str, body: dict[str, Any]) -> tuple[int, bytes]:
    """Status and start of the answer. Raises TimeoutError: a library's own limits begin anew with every byte."""
    # A redirect could lead anywhere in the network, and an address that moved is for a person to look at.
    async with (
        asyncio.timeout(PATIENCE_S),
        httpx2.AsyncClient(timeout=None, follow_redirects=False) as client,
        client.stream("POST", url, json=body) as answer,
    ):
        return answer.status_code, await _start_of(answer)


async def _start_of(answer: httpx2.Response) -> bytes:
    read = b""
    async for part in answer.aiter_bytes():
        read += part
        if len(read) > _READ_BYTES:
            break
    return read
