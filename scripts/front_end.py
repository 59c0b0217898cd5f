"""The front-end libraries: node_modules by the lock, their browser-ready files in static/vendor."""

import shutil
from pathlib import Path

from scripts import steps

INPUTS = ("package.json", "package-lock.json", "scripts/vendor.mjs")


def install(root: Path) -> None:
    """Make static/vendor fit the lock; nothing is done if it fits already."""
    stamp = root / "node_modules" / ".wuyilou-stamp"
    fingerprint = steps.digest(root / name for name in INPUTS)
    if (root / "static" / "vendor").exists() and steps.is_current(stamp, fingerprint):
        return
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        raise steps.Failure("Node.js with npm is needed: `apt-get install nodejs npm`, or https://nodejs.org")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    steps.run("front-end libraries", [npm, "ci", *options])
    steps.run("their files to static/vendor", [node, str(root / "scripts" / "vendor.mjs")])
    stamp.write_text(fingerprint, "utf-8")
