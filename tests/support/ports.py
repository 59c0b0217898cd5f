"""Ports for servers that tests start, kill and start again."""

import itertools
import os
import secrets

from app.postgres.process import free_port

# Below the range from which systems take the ports of outgoing connections: one of those, made between the choice of a
# port and its use, or while a server is away, would keep the server from it.
FIRST, COUNT = 15_000, 16_000
_start = secrets.randbelow(COUNT) + os.getpid()
_steps = itertools.count()


def server_port() -> int:
    """A port that nobody listens on and that this process has not given before."""
    while True:
        wanted = FIRST + (_start + next(_steps)) % COUNT
        if free_port(wanted) == wanted:
            return wanted
