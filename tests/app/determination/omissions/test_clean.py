"""The village in order can be signed: what the other tests stand on."""

from fastapi.testclient import TestClient

from tests.app.determination import village


def test_nothing_is_left_out_and_nothing_blocks(client: TestClient) -> None:
    answer = client.get("/api/determination", params={"unit": village.VILLAGE})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert {count["kind"]: count["number"] for count in told["counts"] if count["number"]} == {}
    assert told["blocks"] is False
    assert len(told["counts"]) == 44
