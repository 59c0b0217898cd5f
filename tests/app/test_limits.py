"""The bound on bodies holds however the body arrives, and says so in words."""

import asyncio
import json
from collections.abc import Iterable

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.limits import BodyLimit

BOUND = 1024 * 1024


class Reader:
    """An application that reads its whole body and answers its length; what a cut-off reader does, it does too."""

    def __init__(self) -> None:
        self.received = 0

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RuntimeError("the body ended early")
            self.received += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(self.received).encode()})


def exchange(path: str, chunks: Iterable[bytes], headers: dict[bytes, bytes]) -> tuple[list[Message], Reader]:
    reader = Reader()
    guarded = BodyLimit(reader, BOUND, {"/big": 3 * BOUND, "/big/small": 1})
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(guarded({"type": "http", "path": path, "headers": list(headers.items())}, receive, send))
    return sent, reader


def assert_refused(sent: list[Message]) -> None:
    assert [m["type"] for m in sent] == ["http.response.start", "http.response.body"], "one answer, not two"
    assert sent[0]["status"] == 413
    assert "未保存任何内容" in json.loads(sent[1]["body"])["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {b"transfer-encoding": b"chunked"},
        {b"content-length": b"10"},
        {b"content-length": str(BOUND).encode()},
        {},
    ],
)
def test_a_body_is_counted_whatever_its_headers_say(headers: dict[bytes, bytes]) -> None:
    sent, reader = exchange("/any", [b"x" * 1000] * 2000, headers)
    assert_refused(sent)
    assert reader.received <= BOUND


@pytest.mark.parametrize("stated", [str(BOUND + 1).encode(), b"9" * 400, b"-1", b"many"])
def test_a_stated_length_beyond_the_bound_is_refused_unread(stated: bytes) -> None:
    sent, reader = exchange("/any", [b"x"], {b"content-length": stated})
    assert_refused(sent)
    assert reader.received == 0


def test_the_bound_itself_is_allowed() -> None:
    sent, reader = exchange("/any", [b"x" * BOUND], {b"content-length": str(BOUND).encode()})
    assert sent[0]["status"] == 200
    assert reader.received == BOUND


@pytest.mark.parametrize(("path", "size", "status"), [("/big/one", 2 * BOUND, 200), ("/big/small", 2, 413)])
def test_the_longest_prefix_decides(path: str, size: int, status: int) -> None:
    sent, _ = exchange(path, [b"x" * size], {})
    assert sent[0]["status"] == status


def test_failures_of_the_application_are_not_hidden() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a fault of its own")

    guarded = BodyLimit(failing, BOUND, {})
    with pytest.raises(RuntimeError, match="a fault of its own"):
        asyncio.run(guarded({"type": "http", "path": "/", "headers": []}, None, None))  # type: ignore[arg-type]
