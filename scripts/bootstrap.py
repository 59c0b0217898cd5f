"""Install what is missing, say what is being done, and do nothing when nothing is missing.

    python3 scripts/bootstrap.py run     what `make demo` and `make serve` need
    python3 scripts/bootstrap.py test    the same, and a browser for `make test`

Standard library only. This file is kept readable for old Pythons, so that they can say that they are too old.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - reached by whoever runs it with an older one
    sys.exit("Python 3.11 or newer is needed, as Debian 12 and Ubuntu 24.04 have it. This is " + sys.version)

import fcntl
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts import front_end, python_packages, system_packages  # noqa: E402
from scripts.steps import Failure, say  # noqa: E402


def main(purpose: str) -> None:
    """Bring the checkout to where `purpose` (run or test) can start."""
    os.chdir(ROOT)
    data = ROOT / ".data"
    data.mkdir(exist_ok=True)
    with (data / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up of this checkout is running; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        system_packages.install(for_tests=purpose == "test")
        python_packages.install(ROOT)
        front_end.install(ROOT)


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["test"]):
        sys.exit("usage: bootstrap.py run|test")
    try:
        main(sys.argv[1])
    except Failure as failure:
        sys.exit(f"\n{failure}")
    except KeyboardInterrupt:
        sys.exit("\ninterrupted; the next run goes on from here")
