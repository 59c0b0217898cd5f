"""The chain: seen rightly from either end, and of what lies beyond one's scope nothing but number and county."""

from typing import Any
from uuid import uuid4

import pytest

from app.cases.graph import Spot, Tie, lay_out
from tests.app.cases.desk import FAR, PLACE, USCC, Desks, one, refused


def link(desks: Desks, case_id: str, relation: str, by: str = "county", **more: Any) -> Any:
    """Tie a case to something."""
    asked = {"id": str(uuid4()), "relation": relation, **more}
    return desks.person(by).post(f"/api/cases/{case_id}/links", json=asked)


@pytest.mark.parametrize(
    ("relation", "back"),
    [("supplier", "buyer"), ("buyer", "supplier"), ("landlord", "tenant"), ("related", "related")],
)
def test_the_other_end_sees_the_link_from_its_side(desks: Desks, relation: str, back: str) -> None:
    mine, theirs = desks.opened(), desks.opened("village21", place=FAR, party_name="上游溶剂厂")
    told = desks.taken(link(desks, mine["id"], relation, other_case_id=theirs["id"], words="送货单"))
    assert (told["links"][0]["relation"], told["links"][0]["other_case"]["number"]) == (relation, theirs["number"])
    seen = desks.read(theirs["id"])
    assert (seen["links"][0]["relation"], seen["links"][0]["other_case"]["number"]) == (back, mine["number"])
    assert [event["kind"] for event in seen["events"]] == ["registered", "linked"]
    assert seen["events"][-1]["changes"] == {f"link.{back}": [None, mine["number"]]}


def test_beyond_the_scope_a_linked_case_is_a_number_and_a_county(desks: Desks) -> None:
    mine = desks.opened()
    theirs = desks.opened("village21", place=FAR, party_name="秘密溶剂厂", address="秘密路 1 号")
    desks.taken(link(desks, mine["id"], "supplier", other_case_id=theirs["id"], words="秘密送货"))
    told = desks.person("village11").get(f"/api/cases/{mine['id']}")
    assert told.json()["links"] == [
        {
            **told.json()["links"][0],
            "relation": "supplier",
            "other_case": {
                "number": theirs["number"], "county_name": "东山区", "in_scope": False,
                "id": None, "party_name": None, "state": None, "category": None,
            },
            "lon": None, "words": None, "added_by": None, "may_remove": False,
        }
    ]  # fmt: skip
    assert "秘密" not in told.text
    assert theirs["id"] not in told.text
    printed = desks.person("village11").get(f"/api/cases/{mine['id']}.zip")
    assert theirs["id"].encode() not in printed.content
    assert "秘密送货" in desks.person("county").get(f"/api/cases/{mine['id']}").text


def test_nobody_ties_to_a_case_beyond_their_scope_nor_unties_it(desks: Desks) -> None:
    mine, theirs = desks.opened(), desks.opened("village21", place=FAR)
    assert "管辖范围" in refused(link(desks, mine["id"], "buyer", "village11", other_case_id=theirs["id"]), 403)
    tied = desks.taken(link(desks, mine["id"], "buyer", other_case_id=theirs["id"]))["links"][0]["id"]
    path = f"/api/cases/{mine['id']}/links/{tied}/removal"
    assert "管辖范围" in refused(desks.person("village11").post(path, json={"why": "错"}), 403)


def test_a_link_is_untied_from_either_end_with_a_reason(desks: Desks) -> None:
    mine, theirs = desks.opened(), desks.opened("village21", place=FAR)
    tied = desks.taken(link(desks, mine["id"], "buyer", other_case_id=theirs["id"]))["links"][0]["id"]
    path = f"/api/cases/{theirs['id']}/links/{tied}/removal"
    told = desks.taken(desks.person("county").post(path, json={"why": "查无往来"}))
    assert told["links"] == []
    event = desks.read(mine["id"])["events"][-1]
    assert (event["kind"], event["words"], event["changes"]) == (
        "unlinked",
        "查无往来",
        {"link.buyer": [theirs["number"], None]},
    )
    assert "已解除" in refused(desks.person("county").post(path, json={"why": "再"}), 404)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "二者选一"),
        ({"other_case_id": "both", "other_name": "某厂"}, "二者选一"),
        ({"other_case_id": "itself"}, "不能与自身关联"),
        ({"other_name": "某厂", "other_uscc": f"{USCC[:-1]}X"}, "校验位"),
        ({"other_name": "某厂", "other_place": {**PLACE, "lat": 95}}, "坐标"),
    ],
)
def test_what_a_link_must_not_be(desks: Desks, more: dict[str, Any], words: str) -> None:
    case, other = desks.opened(), desks.opened()
    ids = {"both": other["id"], "itself": case["id"]}
    given = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in more.items()}
    assert words in refused(link(desks, case["id"], "supplier", **given), 422)


def test_one_link_is_not_put_twice_from_either_end(desks: Desks) -> None:
    case, other = desks.opened(), desks.opened()
    desks.taken(link(desks, case["id"], "supplier", other_case_id=other["id"]))
    assert "已经建立" in refused(link(desks, case["id"], "supplier", other_case_id=other["id"]), 409)
    assert "已经建立" in refused(link(desks, other["id"], "buyer", other_case_id=case["id"]), 409)
    desks.taken(link(desks, case["id"], "landlord", other_name="李某"))
    assert "已经建立" in refused(link(desks, case["id"], "landlord", other_name="李某"), 409)


def test_the_graph_goes_two_hops_and_stops_at_the_scope(desks: Desks) -> None:
    mine, near = desks.opened(party_name="本案"), desks.opened(party_name="下家")
    far = desks.opened("village21", place=FAR, party_name="远方厂")
    behind = desks.opened("village21", place=FAR, party_name="更远厂")
    desks.taken(link(desks, mine["id"], "buyer", other_case_id=near["id"]))
    desks.taken(link(desks, near["id"], "buyer", other_name="市场摊位"))
    desks.taken(link(desks, mine["id"], "supplier", other_case_id=far["id"]))
    desks.taken(link(desks, far["id"], "supplier", other_case_id=behind["id"]))
    desks.taken(link(desks, mine["id"], "landlord", other_name="李某", other_place=PLACE))

    def spots(by: str) -> dict[str, tuple[int, int, int]]:
        nodes = desks.read(mine["id"], by)["graph"]["nodes"]
        return {node["name"]: (node["column"], node["row"], node["hop"]) for node in nodes}

    known = {"本案": (0, 0, 0), "下家": (1, 0, 1), "李某": (0, -1, 1), "市场摊位": (2, 0, 2)}
    assert spots("county") == {**known, "远方厂": (-1, 0, 1), "更远厂": (-2, 0, 2)}
    assert spots("village11") == {**known, far["number"]: (-1, 0, 1)}
    edges = desks.read(mine["id"])["graph"]["edges"]
    goods = one(edges, source=far["id"])
    assert (goods["target"], goods["text"]) == (mine["id"], "供货")
    assert one(edges, text="出租")["target"] == mine["id"]


def test_no_two_parties_share_a_spot_and_a_crowd_is_cut_off_and_counted() -> None:
    relations = ("supplier", "buyer", "landlord", "tenant", "related")
    ties = [Tie("me", f"{at}", relations[at % 5]) for at in range(40)]
    ties += [Tie(f"{at}", f"{at}-{more}", relations[more]) for at in range(10) for more in range(5)]
    spots, left_out = lay_out("me", ties)
    assert len({(spot.column, spot.row) for spot in spots.values()}) == len(spots) == 60
    assert left_out == 91 - 60
    assert spots["me"] == Spot(0, 0, 0)


def test_a_ring_ends() -> None:
    ties = [Tie("a", "b", "buyer"), Tie("b", "c", "buyer"), Tie("c", "a", "buyer")]
    assert {name: spot.hop for name, spot in lay_out("a", ties)[0].items()} == {"a": 0, "b": 1, "c": 1}
