"""What is attached to a PDF, read by a process of its own: a crafted one takes minutes and gigabytes."""

import json
import subprocess
import sys

from app.determination.chain import attached_worker as worker
from app.errors import InvalidInputError

MEMORY_BYTES = 1024**3
SECONDS = 10

_SAID = {
    worker.NONE: "这份 PDF 中没有凭证数据。可能是扫描件或另存的副本，请使用原始 PDF 文件。",
    worker.TOO_LARGE: "PDF 中的凭证数据过大，不能核验。",
    worker.NO_MEMORY: "PDF 中的凭证数据过大，不能核验。",
    worker.BROKEN: "PDF 文件无法读取，可能已损坏。请使用原始文件。",
}


def read(content: bytes, name: str, most_bytes: int) -> bytes:
    """The attachment of a name. Raises InvalidInputError: there is none, or what holds it cannot be read in bounds."""
    limits = {"name": name, "most_bytes": most_bytes, "memory_bytes": MEMORY_BYTES, "seconds": SECONDS}
    command = [sys.executable, "-I", worker.__file__, json.dumps(limits)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            command, input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=4 * SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidInputError(_SAID[worker.TOO_LARGE]) from error
    if done.returncode == 0:
        return done.stdout
    too_large = done.returncode < 0  # stopped by a bound
    raise InvalidInputError(_SAID[worker.TOO_LARGE] if too_large else _SAID.get(done.returncode, _SAID[worker.BROKEN]))
