"""Somebody's browser at the application, which keeps its cookie and sends the page's token with each write."""

from typing import Any

from fastapi.testclient import TestClient

from tests.support.people import PASSWORD


class Visitor:
    """A browser without pages; `csrf` is what a page of ours would send."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.csrf: str | None = None

    def sign_in(self, username: str, password: str = PASSWORD) -> Any:
        """Sign in as the page does; the answer."""
        answer = self.client.post("/api/session", json={"username": username, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf_token"]
        return answer

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """Any request as a page of ours makes it; the answer."""
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        return self.client.request(method, path, headers={**headers, **more.pop("headers", {})}, **more)

    def get(self, path: str, **more: Any) -> Any:
        """A reading request."""
        return self.ask("GET", path, **more)

    def post(self, path: str, body: object = None) -> Any:
        """A writing request with a JSON body."""
        return self.ask("POST", path, json=body)

    def token(self) -> str:
        """The session's token, out of the cookie."""
        return next(cookie.value or "" for cookie in self.client.cookies.jar if "wuyilou_session" in cookie.name)

    def person(self) -> Any:
        """Who the application takes this browser for; None for nobody."""
        return self.client.get("/api/session").json()["person"]
