"""`wuyilou serve` and `wuyilou demo`: the web service, with a private database if none is configured."""

import os
import secrets
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import Engine

from app.installation import migrated
from app.settings import Settings

DEMO_PASSWORD = "wuyilou-yanshi"  # noqa: S105 - printed on purpose
TAKEN = "端口 {port} 已被占用，请用 --port 另选。\nPort {port} on {host} is taken; choose another with --port."

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Workers = Annotated[int, typer.Option(help="Server processes.", min=1)]


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Serve the pages and the interface until Ctrl-C."""
    settings = _allowed(host, port)
    with migrated(settings) as engine:
        _pass_on(engine)
        _listen(host, port, workers)


def demo(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Build the demo if it is not there, and serve it."""
    settings = _allowed(host, port)
    with migrated(settings) as engine:
        _pass_on(engine)
        password = _demo_password(host)
        os.environ |= {"WUYILOU_DEMO": "1", "WUYILOU_DEMO_PASSWORD": password}
        built = subprocess.run([sys.executable, "-m", "demo.build"], check=False)
        if built.returncode:
            raise typer.Exit(built.returncode)
        _listen(host, port, workers)


def _demo_password(host: str) -> str:
    """What the demo's people sign in with: well known on this machine alone, drawn anew where others can reach it."""
    is_near = host in ("127.0.0.1", "::1", "localhost")
    return DEMO_PASSWORD if is_near else secrets.token_urlsafe(9)


def _pass_on(engine: Engine) -> None:
    """Tell this process's children, and the application, where the database is."""
    os.environ["WUYILOU_DATABASE_URL"] = engine.url.render_as_string(hide_password=False)
    engine.dispose()


def _allowed(host: str, port: int) -> Settings:
    """The settings, once it is sure that serving there is allowed and possible: before anything is started."""
    settings = Settings()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            typer.secho(TAKEN.format(host=host, port=port) + f"\n({error.strerror})", fg="red", err=True)
            raise typer.Exit(2) from error
    return settings


def _listen(host: str, port: int, workers: int) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    typer.secho(f"\n无遗漏 wuyilou: 请打开 open http://{shown}:{port}   (Ctrl-C 停止 stops it)\n", bold=True, err=True)
    from app import jobs  # only here: loading it takes as long as any other command

    # After Ctrl-C uvicorn has finished in good order and passes the signal on.
    with suppress(KeyboardInterrupt), jobs.running(Settings()):
        uvicorn.run(
            "app.main:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_level="warning",
            timeout_graceful_shutdown=5,
            server_header=False,
            proxy_headers=False,  # who sent a patrol is recorded: a header must not say otherwise
        )
