"""`wuyilou keys` and `wuyilou certificate`: the chain's keys, and certificates checked without a database."""

import json
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rich.console import Console

from app.db import transaction
from app.determination import certificate_sheet
from app.determination.chain import bundle, keys
from app.determination.chain.verifying import Head, head
from app.errors import InvalidInputError
from app.installation import migrated
from app.settings import Settings

key_commands = typer.Typer(no_args_is_help=True)
certificate_commands = typer.Typer(no_args_is_help=True)
FORMAT = "wuyilou-keys-1"
_KEPT_BYTES = 1024 * 1024
_UNTRUSTED = 2


@key_commands.command()
def show() -> None:
    """Print the ids of the public keys, and the chain's head, to be written down elsewhere."""
    settings = Settings()
    console = Console()
    found = keys.public_keys(settings)
    for each in found:
        console.print(f"公钥 {each}", highlight=False)
    if not found:
        console.print("还没有密钥；首次签署时生成。")
    end = _head(settings)
    console.print("链是空的。" if end is None else f"链首 第 {end.seq} 条 {end.entry_digest}", highlight=False)


@key_commands.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write public keys and the chain's head; never private keys.")],
) -> None:
    """Write the public keys and the chain's head to a file, to be kept elsewhere."""
    settings = Settings()
    end = _head(settings)
    told = {
        "format": FORMAT,
        "made_at": settings.now().isoformat(),
        "keys": keys.exported(keys.public_keys(settings)),
        "head": None if end is None else end._asdict(),
    }
    file.write_text(json.dumps(told, indent=1), "utf-8")
    typer.echo(f"已写入 {file}。请保存到本机以外的地方。")


@key_commands.command()
def new(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Seal with another key from now on; what was sealed before is checked with the old public key."""
    if not yes:
        typer.confirm("启用新的签署密钥，并删除现有的私钥？", abort=True)
    typer.echo(f"新密钥 {keys.renew(Settings())}")


@certificate_commands.command()
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The PDF or JSON of a certificate.")],
    trusted: Annotated[
        Path | None, typer.Option("--keys", exists=True, dir_okay=False, help="Written by `wuyilou keys export`.")
    ] = None,
) -> None:
    """Check a certificate by its file alone. Exit code 1: it does not hold; 2: it does, by a key not known here."""
    settings, console = Settings(), Console()
    if file.stat().st_size > settings.upload.certificate_bytes:
        raise InvalidInputError(f"文件超过 {settings.upload.certificate_bytes // 2**20} MB，不是认定书。")
    known = keys.public_keys(settings) if trusted is None else kept(trusted)[0]
    content = bundle.read(file.read_bytes(), settings.upload.certificate_bytes)
    found = certificate_sheet.told(settings, bundle.checked(content, known))
    for fact in found.facts:
        console.print(f"{fact.name}：{fact.value}", highlight=False, markup=False)
    console.print(f"编号：{found.id}\n摘要：{found.entry_digest}\n密钥：{'、'.join(found.key_ids)}", highlight=False)
    for problem in found.problems:
        console.print(problem, style="red", highlight=False, markup=False)
    if not found.holds:
        console.print("[red]不成立：内容在签署后被改动。[/red]")
        raise typer.Exit(1)
    if not found.is_trusted:
        console.print("[yellow]签名成立，但签署密钥不在已知的公钥之中。请与公布的密钥核对，或用 --keys 指定。[/yellow]")
        raise typer.Exit(_UNTRUSTED)
    console.print("[green]成立：由已知的密钥签署，未被改动。[/green]请与纸面逐项核对；是否仍然有效，以在线核验为准。")


def kept(path: Path) -> tuple[dict[str, Ed25519PublicKey], Head | None]:
    """Public keys and head as they were exported. Raises InvalidInputError for a file that is none of ours."""
    try:
        told = json.loads(path.read_bytes()[:_KEPT_BYTES])
        if told["format"] != FORMAT:
            raise ValueError("another format")
        found = {}
        for stated, pem in told["keys"].items():
            public = keys.public_of(pem.encode())
            if public is None or keys.key_id(public) != stated:
                raise ValueError("a key that is not what it is called")
            found[stated] = public
        end = None if told["head"] is None else Head(int(told["head"]["seq"]), str(told["head"]["entry_digest"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInputError(f"{path} 不是 wuyilou keys export 写出的文件，或已损坏。") from error
    return found, end


def _head(settings: Settings) -> Head | None:
    with migrated(settings) as engine, transaction(engine) as session:
        return head(session)
