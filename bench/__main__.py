"""`python -m bench [NAME ...]`: run all benches, or those named; figures go to stdout, progress to stderr."""

import sys

from bench import accuracy, against_vectors, baselines, city, determination, findings, history, live, sites, throughput
from bench.harness import machine

BENCHES = {
    "vectors": against_vectors.run,
    "accuracy": accuracy.run,
    "history": history.run,
    "throughput": throughput.run,
    "live": live.run,
    "city": city.run,
    "findings": findings.run,
    "baselines": baselines.run,
    "sites": sites.run,
    "determination": determination.run,
}


def main(names: list[str]) -> int:
    """Run the benches named, all when none is. Returns 2 for an unknown name."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    machine()
    for name in names or BENCHES:
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
