"""The command `wuyilou`: what an operator does at a terminal.

A feature adds its commands by a module app/FEATURE/cli.py with `commands = typer.Typer(...)`; they are loaded only when
asked for, since the engine's libraries take a second to load.
"""

import importlib
import importlib.util
import signal
import sys
from types import FrameType

import typer

from app.cli_database import commands as database_commands
from app.cli_serve import demo, serve
from app.cli_verify import verify
from app.errors import DomainError
from app.postgres.home import ClusterError
from app.postgres.install import PostgresMissingError

FEATURES = {
    "accounts": "账号: add, list, reset passwords, disable, sign out",
    "territory": "行政区划、网格与排除区: import and look",
    "patrols": "巡查: import, look, void",
    "coverage": "覆盖: show and verify",
    "sites": "场所: import, verify, rebuild",
    "supervision": "督导: draw a sample again",
    "snapshot": "快照: a unit on a day as one HTML file, or as a map on A3",
    "keys": "签署密钥: show, export, renew",
    "certificate": "认定书: check a file without a database",
}
# Where commands are not called as their feature, or are not its only ones: feature, name in its module.
MODULES = {
    "snapshot": ("snapshots", "commands"),
    "keys": ("determination", "key_commands"),
    "certificate": ("determination", "certificate_commands"),
}


def application(arguments: list[str]) -> typer.Typer:
    """The commands; of the features only the one that the arguments name, or all when they name no command."""
    app = typer.Typer(
        no_args_is_help=True, pretty_exceptions_enable=False, help="无遗漏 wuyilou: the operator's command."
    )
    app.add_typer(database_commands, name="db")
    app.command()(serve)
    app.command()(demo)
    app.command()(verify)
    wanted = next((word for word in arguments if not word.startswith("-")), None)
    for name, about in FEATURES.items():
        feature, commands = MODULES.get(name, (name, "commands"))
        module = f"app.{feature}.cli"
        if wanted in (None, name) and importlib.util.find_spec(module):
            app.add_typer(getattr(importlib.import_module(module), commands), name=name, help=about)
    return app


def main() -> None:
    """Run the command of this process's arguments; what goes wrong is said in words, with exit code 1."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        application(sys.argv[1:])()
    except (ClusterError, PostgresMissingError) as error:
        _fail(f"{error}\nSet WUYILOU_DATABASE_URL to use another PostGIS >= 3.3; see docs/deployment.md.")
    except DomainError as error:
        _fail(error.message)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)  # so that a private database is stopped on the way out


def _fail(text: str) -> None:
    typer.secho(text, fg="red", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
