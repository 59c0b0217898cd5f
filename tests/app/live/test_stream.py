"""The stream of changes: who hears what, nothing is missed, and it ends when it must."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, create_engine, text

from tests.app.live.conftest import listening, put_city, report, signed_in
from tests.support.databases import Worlds, wait_until
from tests.support.seeding import CITY, COUNTY_A, TOWN_1, TOWN_2, VILLAGE_11, VILLAGE_21, VILLAGE_22
from tests.support.server import OPERATOR_TOKEN, LiveServer
from tests.web.conftest import send

OPERATOR = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}


@pytest.fixture(scope="module")
def city(worlds: Worlds) -> Iterator[str]:
    """The database that the tests of this file share."""
    with worlds.copy(put_city) as url:
        yield url


@pytest.fixture(scope="module")
def server(city: str, run_directory: Path) -> Iterator[LiveServer]:
    """A server that hears of changes."""
    server = LiveServer(city, run_directory / "stream.log")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def db(city: str) -> Iterator[Engine]:
    """An engine on the database; whoever is out comes home after the test."""
    engine = create_engine(city, connect_args={"options": "-c timezone=UTC"})
    wait_until(lambda: listeners(engine), "the server to listen")
    yield engine
    with engine.begin() as connection:
        connection.execute(text("UPDATE patrol_progress SET state = 'stopped'"))
        connection.execute(text("UPDATE account SET disabled_at = NULL"))
    engine.dispose()


def listeners(db: Engine) -> int:
    """Connections that hear of changes."""
    with db.connect() as connection:
        asked = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'wuyilou live'")
        return int(connection.execute(asked).scalar_one())


def is_evidence(news: dict[str, Any]) -> bool:
    return "evidence" in news["kinds"]


def test_a_patrol_is_told_to_those_in_whose_units_it_was(db: Engine, server: LiveServer) -> None:
    """Town 1, the county and the officer hear of W1's patrol with the units' codes; town 2 and W2 only of W2's."""
    with ExitStack() as stack:
        above, there, elsewhere, own, other = (
            stack.enter_context(listening(server, name)) for name in ("county", "town1", "town2", "wang", "li")
        )
        send(server, 0, 0, 2, "W1")
        assert there.wait(is_evidence, "the patrol")["units"] == sorted([TOWN_1, VILLAGE_11])
        assert above.wait(is_evidence, "the patrol")["units"] == sorted([COUNTY_A, TOWN_1, VILLAGE_11])
        own.wait(is_evidence, "the own patrol")
        send(server, 0, 0, 0, "W2")
        elsewhere.wait(lambda news: is_evidence(news) and TOWN_2 in (news["units"] or []), "W2's patrol")
        wait_until(lambda: other.last_id == elsewhere.last_id, "the same message for W2")
        told = [news["units"] for news in elsewhere.news if is_evidence(news)]
        assert told == [sorted([TOWN_2, VILLAGE_21, VILLAGE_22])]
        assert len([news for news in other.news if is_evidence(news)]) == 1
        assert len([news for news in there.news if is_evidence(news)]) == 1


def test_the_operator_hears_everything_with_the_change_number(db: Engine, server: LiveServer) -> None:
    """A machine with a token hears too; the number is the one that status tells."""
    with (
        httpx2.Client(base_url=server.url, headers=OPERATOR, trust_env=False, timeout=30) as operator,
        listening(server, operator) as heard,
    ):
        send(server, 0, 0, 2, "W1")
        told = heard.wait(is_evidence, "the patrol")
        assert CITY in told["units"]
        assert 0 < told["change"] <= operator.get("/api/status").json()["change_number"]


def test_nobody_hears_nothing(db: Engine, server: LiveServer) -> None:
    """Without a session there is no stream."""
    assert httpx2.get(f"{server.url}/api/live", trust_env=False).status_code == 401


def test_at_most_one_message_a_second(db: Engine, server: LiveServer) -> None:
    """Forty changes within a moment are few messages, and the last of them tells how it is now."""
    with listening(server, "county") as heard:
        patrol = report(db, "W1")
        begun = time.monotonic()
        for _ in range(39):
            report(db, "W1", patrol_id=patrol)
        other = report(db, "W2")
        heard.wait(lambda news: news["out_now"] == 2, "two people out")
        assert len(heard.news) - 1 <= time.monotonic() - begun + 2
        report(db, "W2", "stopped", other)
        wait_until(lambda: heard.news[-1]["out_now"] == 1, "one person out")


def test_who_is_out_is_told_only_to_those_who_may_know(db: Engine, server: LiveServer) -> None:
    """An officer is not told how many colleagues are out, nor that they move."""
    with listening(server, "wang") as wang, listening(server, "leader") as leader:
        report(db, "W1")
        leader.wait(lambda news: news["out_now"] == 1, "one person out")
        send(server, 0, 0, 2, "W1")
        wang.wait(is_evidence, "the own patrol")
        assert all(news["out_now"] is None and "progress" not in news["kinds"] for news in wang.news)


def test_a_finding_and_a_decision_are_told(db: Engine, server: LiveServer) -> None:
    """A finding added later, and a voided patrol, reach the page."""
    send(server, 1, 0, 2, "W1")
    with httpx2.Client(base_url=server.url, headers=OPERATOR, trust_env=False, timeout=30) as operator:
        patrol = operator.get("/api/patrols", params={"officer": "W1"}).json()[0]["id"]
        with listening(server, "town1") as heard:
            with db.begin() as connection:
                finding = "INSERT INTO finding (evidence_id, kind, facts) VALUES (:id, 'test', '{}')"
                connection.execute(text(finding), {"id": patrol})
            heard.wait(lambda news: "review" in news["kinds"], "the finding")
            heard.news.clear()
            voided = operator.post(f"/api/patrols/{patrol}/void", json={"reason": "测试"})
            assert voided.status_code == 200, voided.text
            heard.wait(lambda news: "review" in news["kinds"], "the voiding")


def test_a_change_of_territory_is_told_to_all(db: Engine, server: LiveServer) -> None:
    """It may concern anybody: no unit is named."""
    with listening(server, "town2") as heard:
        with db.begin() as connection:
            connection.execute(text("UPDATE territory_version SET version = nextval('change_number')"))
        heard.wait(lambda news: news["kinds"] == ["territory"] and news["units"] is None, "the territory")


def test_evidence_in_very_many_units_is_told_to_all(db: Engine, server: LiveServer) -> None:
    """A list of units that is too long for a notice is never cut: then anybody may be meant."""
    with listening(server, "town2") as heard:
        with db.begin() as connection:
            connection.execute(
                text(
                    """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
                    SELECT gen_random_uuid(), 'patrol', 'W1', now(), now(),
                        (SELECT array_agg(CAST('a.b.' || n AS ltree)) FROM generate_series(1, 41) n), 'test'"""
                )
            )
        heard.wait(lambda news: is_evidence(news) and news["units"] is None, "the evidence")


@pytest.fixture
def missed(db: Engine, server: LiveServer) -> str:
    """The last message that town 1 got before its stream broke off; a patrol came after it."""
    with listening(server, "town1") as heard:
        last_id = heard.last_id
    send(server, 0, 0, 2, "W1")
    with listening(server, "town1", last_id) as heard:
        heard.wait(is_evidence, "the patrol")
    return last_id


def test_what_was_missed_is_told_on_coming_back(missed: str, server: LiveServer) -> None:
    """By the last message's id, exactly that; when nothing came in between, nothing."""
    with listening(server, "town1", missed) as heard:
        assert is_evidence(heard.news[0])
        assert heard.news[0]["units"] == sorted([TOWN_1, VILLAGE_11])
        again = heard.last_id
    with listening(server, "town1", again) as heard:
        assert heard.news[0]["kinds"] == []


def test_what_came_while_the_page_was_loading_is_told(missed: str, server: LiveServer) -> None:
    """By the age of what the page shows: older than the patrol, it is told; younger, it is not."""
    with listening(server, "town1", age_s=20.0) as heard:
        assert is_evidence(heard.news[0]) or heard.news[0]["kinds"] == ["everything"]
    with listening(server, "town1", age_s=0.0) as heard:
        assert heard.news[0]["kinds"] == []


def test_a_page_that_cannot_be_told_all_reads_everything(db: Engine, server: LiveServer) -> None:
    """An id of a server that was restarted, and a page older than the server's memory."""
    with listening(server, "town1", "0123abcd-5") as heard:
        assert (heard.news[0]["kinds"], heard.news[0]["units"]) == (["everything"], None)
    with listening(server, "town1", age_s=86_400) as heard:
        assert heard.news[0]["kinds"] == ["everything"]


def test_nothing_is_missed_when_the_database_cuts_the_server_off(db: Engine, server: LiveServer) -> None:
    """Pages are told to read anew once the server hears again, since it cannot know what it missed."""
    with listening(server, "town1") as heard:
        with db.connect() as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wuyilou live'"
            connection.execute(text(cut))
        heard.wait(lambda news: news["kinds"] == ["everything"], "that something may have been missed")
        send(server, 0, 0, 2, "W1")
        heard.wait(is_evidence, "the patrol after it")


def test_no_connection_is_held_for_those_who_watch(db: Engine, server: LiveServer) -> None:
    """Twenty-five streams, more than the pool holds, and the server answers as before by one connection for all."""
    with ExitStack() as stack, signed_in(server, "town1") as client:
        for _ in range(25):
            stack.enter_context(listening(server, client))
        assert client.get("/api/session").json()["person"]["username"] == "town1"
        assert listeners(db) == 1


def test_the_stream_ends_with_the_session_or_the_account(db: Engine, server: LiveServer) -> None:
    """Within a minute of signing out or being shut out; another session of the same person goes on."""
    with (
        signed_in(server, "town1") as client,
        listening(server, client) as left,
        listening(server, "town1") as stays,
        listening(server, "leader") as shut_out,
    ):
        assert client.delete("/api/session").status_code == 204
        with db.begin() as connection:
            connection.execute(text("UPDATE account SET disabled_at = now() WHERE username = 'leader'"))
        wait_until(left.ended.is_set, "the stream of who signed out to end", patience_s=60)
        wait_until(shut_out.ended.is_set, "the stream of who was shut out to end", patience_s=60)
        assert not stays.ended.is_set()


def test_the_stream_is_not_held_back_by_compression(db: Engine, server: LiveServer) -> None:
    """A browser that takes gzip gets each message at once, as it is."""
    with signed_in(server, "town1") as client:
        answer = client.get("/api/status", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        with client.stream("GET", "/api/live", headers={"Accept-Encoding": "gzip"}) as stream:
            assert "content-encoding" not in stream.headers
            assert next(stream.iter_lines()) == "retry: 3000"


def test_a_reader_that_takes_nothing_harms_nobody(db: Engine, server: LiveServer) -> None:
    """Others go on hearing while one never reads."""
    with signed_in(server, "town1") as client, socket.create_connection(("127.0.0.1", server.port)) as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        stuck.sendall(f"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
        with listening(server, client) as heard:
            report(db, "W1")
            heard.wait(lambda news: news["out_now"] == 1, "one person out")


def test_the_server_stops_at_once_with_open_streams(db: Engine, city: str, tmp_path: Path) -> None:
    """It does not wait for pages that never leave, nor cut them off in the middle."""
    own = LiveServer(city, tmp_path / "server.log")
    own.start()
    try:
        with listening(own, "town1") as heard:
            own.stop()
            assert heard.ended.wait(10)
    finally:
        own.kill()
    assert "Cancel" not in own.log.read_text("utf-8")
