"""Files of readings and traces: what leaves its own past, or stands where no site is, becomes a lead, once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import transaction
from app.settings import Settings
from tests.app.leads.asks import (
    ELSEWHERE,
    LAT,
    LON,
    USCC,
    csv_of,
    months,
    send_power,
    send_trace,
    site,
    tenancy,
    trace,
    xlsx_of,
)
from tests.support import seeding
from tests.support.phone import refused, signed_in
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH

STEADY = [1000, 1100, 950, 1050, 1000, 980, 1020, 1010, 990, 1030, 970, 1000]
HEAD = ["户号", "户名", "用电地址", "统一社会信用代码"]
FIELD = (WEST + 0.7 * WIDTH, SOUTH + 2.7 * HEIGHT)  # in village 11, half a mile from anything
START = datetime(2026, 6, 1, 1, tzinfo=UTC)


def table(*users: tuple[str, str, Sequence[int | None]]) -> list[list[Any]]:
    """A wide table: number, name and twelve months."""
    rows: list[list[Any]] = [[*HEAD, *months(12)]]
    return rows + [[number, name, "柳树村", "", *kwh] for number, name, kwh in users]


def grown(factor: float = 3) -> list[int]:
    """Nine usual months, and three of a multiple."""
    return STEADY[:9] + [round(kwh * factor) for kwh in STEADY[9:]]


@pytest.mark.parametrize("kind", ["csv", "gbk", "xlsx"])
def test_a_jump_becomes_a_lead_and_a_steady_user_none(kind: str, town: TestClient) -> None:
    rows = table(("0001", "甲厂", grown()), ("0002", "乙厂", STEADY), ("0003", "丙厂", [*[None] * 7, *STEADY[:5]]))
    rows = [["" if cell is None else cell for cell in row] for row in rows]
    data = {"csv": csv_of(rows), "gbk": csv_of(rows, "gb18030"), "xlsx": xlsx_of(rows)}[kind]
    answer = send_power(town, data, "用电.xlsx" if kind == "xlsx" else "用电.csv")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    figures = {name: told[name] for name in ("users", "judged", "too_short", "unreadable", "leads", "unplaced")}
    assert figures == {"users": 3, "judged": 2, "too_short": 1, "unreadable": 0, "leads": 1, "unplaced": 1}
    assert (told["months"], told["short_users"]) == (["2025-07", "2026-06"], ["丙厂"])
    (row,) = town.get("/api/leads").json()["items"]
    assert (row["source_text"], row["what_text"], row["subject_name"]) == ("用电异常", "用电量突增", "甲厂")
    assert row["deadline"] == (Settings().today() + timedelta(days=10)).isoformat()
    assert row["omissions"] == ["unmatched", "unplaced"]
    facts = town.get(f"/api/leads/{row['id']}").json()["facts"]
    assert facts["user_number"] == "0001"
    assert facts["kwh"] == grown()
    assert facts["score"] > 3.5
    assert "千瓦时" in row["note"]


def test_one_row_a_month_is_read_too(town: TestClient) -> None:
    rows: list[list[Any]] = [["户号", "户名", "月份", "用电量"]]
    rows += [["7", "甲厂", month, kwh] for month, kwh in zip(months(12), grown(), strict=True)]
    assert send_power(town, csv_of(rows)).json()["leads"] == 1


def test_a_user_is_matched_by_uscc_then_by_exact_name_and_placed_at_the_site(town: TestClient, city: Engine) -> None:
    with transaction(city) as session:
        here = site(session, "柳树五金厂", uscc=USCC)
        there = site(session, "柳树园区", FIELD)
        tenant = tenancy(session, there, "常州（柳树）电镀 加工厂")
        for _ in range(2):
            site(session, "重名厂", FIELD)
    rows = table(("1", "别的名字", grown()), ("2", "常州(柳树)电镀加工厂", grown(4)), ("3", "重名厂", grown()))
    rows[1][3] = USCC
    told = send_power(town, csv_of(rows)).json()
    assert (told["leads"], told["unplaced"]) == (3, 1)
    found = {row["subject_name"]: row for row in town.get("/api/leads").json()["items"]}
    assert found["别的名字"]["site"]["id"] == str(here)
    assert found["别的名字"]["grid"]["name"] == "柳树第1网格"
    assert found["常州(柳树)电镀加工厂"]["tenancy"]["id"] == str(tenant)
    assert found["重名厂"]["site"] is None, "two sites of that name: a person decides"


def test_the_same_file_makes_its_leads_once_and_a_later_one_none_of_the_same_user(
    town: TestClient, client: TestClient
) -> None:
    data = csv_of(table(("1", "甲厂", grown())))
    first, again = send_power(town, data), send_power(town, data)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == {**first.json(), "is_replay": True}
    refused(send_power(client, data, unit=seeding.TOWN_1), 409, "已按其他单位")
    later = csv_of([[*HEAD, *months(12, (2026, 7))], ["1", "甲厂", "", "", *grown(), 3000][:16]])
    assert {name: send_power(town, later).json()[name] for name in ("known", "leads")} == {"known": 1, "leads": 0}
    assert town.get("/api/leads").json()["total"] == 1


def test_an_idle_user_that_draws_power_now_is_told_apart(town: TestClient) -> None:
    told = send_power(town, csv_of(table(("1", "停产厂", [0] * 9 + [6000, 6200, 6100])))).json()
    assert (told["new_users"], told["leads"]) == (1, 1)
    (row,) = town.get("/api/leads").json()["items"]
    assert row["what_text"] == "停用后大量用电"


def test_what_cannot_be_read_of_a_user_is_said_and_the_user_not_judged(town: TestClient) -> None:
    rows = table(("1", "甲厂", grown()), ("1", "甲厂", STEADY), ("2", "乙厂", grown()), ("", "", STEADY))
    rows[3][5] = "约一千"
    told = send_power(town, csv_of(rows)).json()
    assert (told["users"], told["unreadable"], told["leads"]) == (2, 2, 0)
    assert [(problem["row"], problem["text"][:2]) for problem in told["problems"]] == [
        (3, "甲厂"),
        (4, "乙厂"),
        (5, "没有"),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["名目", *months(12)], ["x", *STEADY]], "没有找到户号或户名"),
        ([["户号", "户名", "电量"], ["1", "甲厂", 5]], "没有找到各月用电量"),
        ([["户号", "2026-01（万千瓦时）"], ["1", 5]], "不是千瓦时"),
        ([["户号", "2026-01", "2026年1月"], ["1", 5, 5]], "同一个月份"),
        ([["户号", "2000-01", "2026-01"], ["1", 5, 5]], "超过 120 个月"),
        ([["户号", "2026-01", "2026-02"], ["1", "", ""]], "没有任何用电量读数"),
    ],
)
def test_a_table_that_cannot_be_made_out_is_refused(rows: list[list[Any]], words: str, town: TestClient) -> None:
    refused(send_power(town, csv_of(rows)), 422, words)
    assert town.get("/api/leads").json()["total"] == 0


def test_a_file_is_sent_for_a_unit_of_ones_own(town: TestClient, w1: TestClient) -> None:
    refused(send_power(town, csv_of(table(("1", "甲厂", grown()))), unit=seeding.VILLAGE_21), 403, "管辖范围")
    refused(send_trace(town, trace((FIELD, 30), start=START), unit=seeding.VILLAGE_21), 403, "管辖范围")
    refused(send_power(w1, b"x"), 403, "没有此项权限")


def test_stops_away_from_sites_become_leads_and_those_at_sites_do_not(town: TestClient, city: Engine) -> None:
    with transaction(city) as session:
        site(session, "柳树五金厂")
    near_site = (LON + 0.0005, LAT)  # some 50 m
    beyond = (WEST + 0.5 * WIDTH, SOUTH + 0.5 * HEIGHT)
    data = trace((near_site, 40), (FIELD, 25), (ELSEWHERE, 10), (beyond, 60), start=START)
    answer = send_trace(town, data, plate="苏d12345")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [stop["verdict"] for stop in told["items"]] == ["at_site", "lead", "outside"]
    assert (told["leads"], told["at_sites"], told["outside"]) == (1, 1, 1)
    (row,) = town.get("/api/leads").json()["items"]
    assert (row["source_text"], row["state"], row["grid"]["name"]) == ("车辆轨迹", "new", "柳树第1网格")
    assert (row["lon"], row["lat"]) == (pytest.approx(FIELD[0], abs=1e-4), pytest.approx(FIELD[1], abs=1e-4))
    facts = town.get(f"/api/leads/{row['id']}").json()["facts"]
    assert (facts["plate"], facts["minutes"]) == ("苏D12345", pytest.approx(25, abs=2))
    assert row["deadline"] == (Settings().today() + timedelta(days=5)).isoformat()


def test_the_same_stop_is_one_lead_in_the_same_file_and_in_another(town: TestClient) -> None:
    data = trace((FIELD, 30), start=START)
    first = send_trace(town, data)
    again = send_trace(town, data)
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.json() == {**first.json(), "is_replay": True}
    longer = trace((FIELD, 50), start=START)
    assert [stop["verdict"] for stop in send_trace(town, longer).json()["items"]] == ["known"]
    other_day = trace((FIELD, 30), start=START + timedelta(days=1))
    assert send_trace(town, other_day).json()["leads"] == 1
    other_vehicle = trace((FIELD, 31), start=START)
    assert send_trace(town, other_vehicle, plate="苏D99999").json()["leads"] == 1
    refused(send_trace(town, data, plate="苏D00000"), 422, "与所填车牌不符")
    assert town.get("/api/leads").json()["total"] == 3


def test_a_trace_that_is_none_is_refused(town: TestClient) -> None:
    refused(send_trace(town, b"lon,lat\n1,2\n"), 422, "时间")
    refused(send_trace(town, trace(((LAT, LON), 30), start=START)), 422, "坐标")
    refused(send_trace(town, trace((FIELD, 30), start=START), plate=" "), 422, "plate")
    refused(send_trace(town, trace((FIELD, 30), start=START), datum="EPSG:3857"), 422, "datum")
    assert send_trace(town, trace((FIELD, 10), start=START)).json()["stops"] == 0


def test_what_is_elsewhere_is_not_seen_in_the_report(town: TestClient, application: FastAPI) -> None:
    """A village that sends the trace learns of no lead of another's."""
    data = trace((ELSEWHERE, 40), start=START)
    with signed_in(application, "village") as village:
        told = send_trace(village, data).json()
    assert (told["leads"], told["outside"]) == (0, 1)
    assert town.get("/api/leads").json()["total"] == 0
