"""Behind a proxy: its word about the address is believed only when it is trusted."""

from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine, text

from tests.support.people import PASSWORD, TESTER
from tests.support.server import LiveServer


@pytest.mark.parametrize(
    ("trusted", "recorded"), [("", "127.0.0.1"), ("127.0.0.1", "10.1.2.3"), ("10.9.9.9", "127.0.0.1")]
)
def test_the_address_that_is_recorded(
    database: str, tables: Engine, tmp_path: Path, trusted: str, recorded: str
) -> None:
    server = LiveServer(database, tmp_path / "server.log", {"WUYILOU_TRUSTED_PROXIES": trusted})
    server.start()
    try:
        body = {"username": TESTER, "password": PASSWORD}
        headers = {"X-Forwarded-For": "10.1.2.3"}
        assert httpx2.post(f"{server.url}/api/session", json=body, headers=headers, trust_env=False).status_code == 200
    finally:
        server.kill()
    with tables.connect() as connection:
        assert (
            connection.execute(text("SELECT address FROM audit_entry WHERE what = 'sign_in'")).scalar_one() == recorded
        )
