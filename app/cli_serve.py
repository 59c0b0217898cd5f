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

from app.db import transaction
from app.installation import migrated
from app.security import is_https
from app.settings import Settings

DEMO_PASSWORD = "wuyilou-yanshi"  # noqa: S105 - printed on purpose
NEAR = ("127.0.0.1", "::1", "localhost")
OPEN = """\
拒绝启动：{host} 可被其他机器访问，但未使用 HTTPS，密码和轨迹在网络上会被他人看到，手机页面也不能定位。
请在本机前面设置 HTTPS 反向代理，并设置 WUYILOU_PUBLIC_URL=https://…（见 docs/deployment.md）；
若确在可信的封闭网络中，可设置 WUYILOU_ALLOW_PLAIN_HTTP=1 后重试。
Refused: others can reach {host}, and without HTTPS passwords and tracks travel readable; phones give no positions.
Put an HTTPS proxy before it and set WUYILOU_PUBLIC_URL=https://... (docs/deployment.md), or, on a closed network that
you trust, WUYILOU_ALLOW_PLAIN_HTTP=1."""
PLAIN = """\
注意：未使用 HTTPS，密码和轨迹在网络上会被他人看到，手机页面不能定位。
Warning: no HTTPS: passwords and tracks travel readable, and phones give no positions."""
NOBODY = """\
尚无系统管理员账号，无人能够登录。请在另一终端运行：
No administrator yet, so nobody can sign in. At another terminal:
    .venv/bin/wuyilou accounts add admin --name 管理员 --role administrator --everything"""
TAKEN = "端口 {port} 已被占用，请用 --port 另选。\nPort {port} on {host} is taken; choose another with --port."

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Workers = Annotated[int, typer.Option(help="Server processes.", min=1)]


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Serve the pages and the interface until Ctrl-C."""
    settings = _allowed(host, port)
    with migrated(settings) as engine:
        _say_if_nobody(engine)
        _pass_on(engine)
        _listen(settings, host, port, workers)


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
        _listen(settings, host, port, workers)


def _say_if_nobody(engine: Engine) -> None:
    from app.accounts import people  # only here: loading it takes as long as any other command

    with transaction(engine) as session:
        if not people.has_administrator(session):
            typer.secho(f"\n{NOBODY}", fg="yellow", err=True)


def _demo_password(host: str) -> str:
    """What the demo's people sign in with: well known on this machine alone, drawn anew where others can reach it."""
    return DEMO_PASSWORD if host in NEAR else secrets.token_urlsafe(9)


def _pass_on(engine: Engine) -> None:
    """Tell this process's children, and the application, where the database is."""
    os.environ["WUYILOU_DATABASE_URL"] = engine.url.render_as_string(hide_password=False)
    engine.dispose()


def _allowed(host: str, port: int) -> Settings:
    """The settings, once it is sure that serving there is allowed and possible: before anything is started."""
    settings = Settings()
    if host not in NEAR and not is_https(settings):
        if not settings.allow_plain_http:
            typer.secho(OPEN.format(host=host), fg="red", err=True)
            raise typer.Exit(2)
        typer.secho(PLAIN, fg="yellow", err=True)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            typer.secho(TAKEN.format(host=host, port=port) + f"\n({error.strerror})", fg="red", err=True)
            raise typer.Exit(2) from error
    return settings


def _listen(settings: Settings, host: str, port: int, workers: int) -> None:
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
            # Who sent a patrol is recorded: a header must not say otherwise, but that of a proxy of ours.
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
        )
