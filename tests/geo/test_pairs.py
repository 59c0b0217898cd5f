"""What `pairs` says of each pair adds up to the account that `clean` gives."""

from collections import Counter

import numpy as np
import pytest

from geo.tracks import MODE_RULES, Fixes, Mode, clean, pairs


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("mode", Mode)
def test_reasons_add_up_to_the_account(seed: int, mode: Mode) -> None:
    chance = np.random.default_rng(seed)
    count = int(chance.integers(0, 400))
    step_m = chance.choice([0.0, 5.0, 40.0, 400.0], count, p=[0.1, 0.7, 0.1, 0.1])
    time_ms = 1_751_256_000_000 + np.cumsum(chance.choice([0, 2000, 5000, 90_000], count, p=[0.1, 0.4, 0.4, 0.1]))
    accuracy_m = chance.choice([5.0, 34.9, 60.0, np.nan], count, p=[0.6, 0.2, 0.1, 0.1])
    order = chance.permutation(count)
    lon = 119.95 + np.cumsum(step_m) / 94_700
    fixes = Fixes.of(lon[order], np.full(count, 31.77), time_ms[order], accuracy_m[order])
    found = pairs(fixes, MODE_RULES[mode])
    track = clean(fixes, MODE_RULES[mode])
    counted = Counter(found.reasons)
    assert counted.pop(None, 0) == track.pairs
    assert counted == {reason: part.pairs for reason, part in track.left_out.items()}
    assert len(found.reasons) == max(count - 1, 0)
