"""Drawing: the same from the same seed, in any order, by hand; heavier ones more often."""

import hashlib
import math

import pytest

from app.supervision.drawing import Candidate, draw, uniform, weight
from app.supervision.rules import Stratum, counted, half, packed, sample, unpacked

EVEN = [Candidate(f"site:{number}", 100) for number in range(40)]


def names(seed: str, candidates: list[Candidate], number: int) -> list[str]:
    return [one.subject for one in draw(seed, candidates, number)]


def test_the_number_of_a_subject_is_its_digest_and_nothing_else() -> None:
    digest = hashlib.sha256("福彩 3D 2026311期 482\nsite:7".encode()).hexdigest()
    assert float(uniform("福彩 3D 2026311期 482", "site:7")) == pytest.approx(int(digest, 16) / 2**256)


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    assert names("a", EVEN, 7) == names("a", EVEN[::-1], 7)
    assert names("a", EVEN, 7) != names("b", EVEN, 7)
    assert names("a", EVEN, 3) == names("a", EVEN, 7)[:3]


def test_with_even_weights_the_greatest_numbers_are_drawn() -> None:
    """What anybody can check with a table of digests and no program of ours."""
    by_hand = sorted(
        (one.subject for one in EVEN), key=lambda name: hashlib.sha256(f"a\n{name}".encode()).digest(), reverse=True
    )
    assert names("a", EVEN, 7) == by_hand[:7]


def test_keys_are_those_of_efraimidis_and_spirakis() -> None:
    mixed = [Candidate(f"s:{number}", 25 + 9 * number) for number in range(40)]
    keys = {one.subject: float(uniform("x", one.subject)) ** (1 / one.weight) for one in mixed}
    assert names("x", mixed, 40) == sorted(keys, key=lambda name: keys[name], reverse=True)
    assert names("x", mixed, 9) == names("x", mixed, 40)[:9], "the short way finds the same"


def test_chances_are_as_the_weights() -> None:
    """Of two subjects the one that weighs four times as much is first in four of five draws."""
    pair = [Candidate("a", 400), Candidate("b", 100)]
    first = sum(names(f"seed {number}", pair, 1) == ["a"] for number in range(4000))
    assert abs(first / 4000 - 0.8) < 4 * math.sqrt(0.8 * 0.2 / 4000)


def test_fewer_than_asked_are_all_and_none_is_none() -> None:
    assert len(draw("a", EVEN[:3], 10)) == 3
    assert draw("a", [], 10) == []
    assert draw("a", EVEN, 0) == []


@pytest.mark.parametrize("wrong", [[Candidate("a", 100), Candidate("a", 50)], [Candidate("a", 0)]])
def test_what_cannot_be_drawn_from_is_refused(wrong: list[Candidate]) -> None:
    with pytest.raises(ValueError, match="subjects must differ"):
        draw("a", wrong, 1)


def test_few_problems_for_many_checks_weigh_more() -> None:
    assert weight(100, 10, 1000, 100) == 100
    assert weight(200, 10, 1000, 100) == 200
    assert weight(100, 0, 1000, 100) == weight(0, 5, 1000, 100) == weight(9000, 1, 10000, 1000) == 400
    assert weight(1, 90, 1000, 100) == 25


def test_what_was_drawn_is_not_drawn_again_for_the_same_form() -> None:
    both = tuple(EVEN[:4])
    drawn = sample("a", [Stratum("dust", "c", "F7", 2, both), Stratum("let", "c", "F7", 2, both)])
    assert len({one.subject for one in drawn}) == 4
    again = sample("a", [Stratum("dust", "c", "F7", 2, both), Stratum("towns", "c", "F5", 2, both)])
    assert [one.subject for one in again[:2]] == [one.subject for one in again[2:]]


def test_all_are_taken_where_the_rule_says_so_or_there_are_fewer() -> None:
    whole = Stratum("chemical_unfinished", "c", "F6", None, tuple(EVEN[:3]))
    few = Stratum("dust", "c", "F7", 10, tuple(EVEN[5:7]))
    drawn = sample("a", [whole, few])
    assert [one.why for one in drawn] == [{"all": True, "of": 3, "want": None}] * 3 + [
        {"all": True, "of": 2, "want": 10}
    ] * 2
    assert counted([whole, few], drawn) == [
        {"code": "chemical_unfinished", "of": 3, "want": None, "drawn": 3},
        {"code": "dust", "of": 2, "want": 10, "drawn": 2},
    ]


def test_strata_are_kept_whole_and_a_half_is_at_least_a_half() -> None:
    strata = [Stratum("dust", "c", "F7", 10, tuple(EVEN)), Stratum("unit", "c", "F5", None, ())]
    assert unpacked(packed(strata)) == strata
    assert [half(number) for number in (0, 1, 2, 7)] == [0, 1, 1, 4]
