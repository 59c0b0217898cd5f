"""How figures are taken and printed: medians of repeated runs, ratios against a peer of the same run."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

WARM_UP_RUNS = 1


def median_ms(work: Callable[[], object], runs: int) -> float:
    """The median wall time of `runs` calls in milliseconds, after one call that does not count."""
    for _ in range(WARM_UP_RUNS):
        work()
    return statistics.median(elapsed_ms(work) for _ in range(runs))


def elapsed_ms(work: Callable[[], object]) -> float:
    """The wall time of one call in milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3


def emit(bench: str, figure: str, **values: Any) -> None:
    """Print one figure as a JSON line; floats to four significant digits."""
    rounded = {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in values.items()}
    print(json.dumps({"bench": bench, "figure": figure, **rounded}, ensure_ascii=False), flush=True)


def progress(text: str) -> None:
    """Say on stderr what is going on, since some steps take minutes."""
    print(f"  .. {text}", file=sys.stderr, flush=True)


def machine() -> None:
    """Print the machine that the figures belong to."""
    model = platform.processor() or platform.machine()
    cpuinfo = "/proc/cpuinfo"
    if os.path.exists(cpuinfo):  # noqa: PTH110 - a kernel file, not a path of ours
        with open(cpuinfo, encoding="ascii", errors="replace") as lines:  # noqa: PTH123
            model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    emit(
        "machine", "cpu", model=model, cores=os.cpu_count(), python=platform.python_version(), system=platform.system()
    )
