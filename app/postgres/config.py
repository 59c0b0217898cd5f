"""The configuration of the private cluster, for machines of 2 cores and 4 to 24 GB."""

import os
import shutil
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the kernel's
ENOUGH_SHARED_MEMORY = 512 * 1024 * 1024


def configuration(port: int, socket_dir: str, durable: bool) -> str:
    """The text of the configuration file."""
    memory_mb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024**2
    settings: dict[str, object] = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": socket_dir,
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": 60 if durable else 100,
        "shared_buffers": "512MB" if durable and memory_mb >= 3500 else "128MB",
        "effective_cache_size": f"{memory_mb // 2}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "dynamic_shared_memory_type": _shared_memory(),
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on",
        "wal_compression": "on",
        "max_wal_size": "2GB" if durable else "256MB",
        "random_page_cost": 1.1,
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] %a ",
        "log_checkpoints": "off",
    }
    lines = [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
    return "# Written anew at every start by app/postgres/config.py\n" + "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "''")


def _shared_memory() -> str:
    """Containers often give /dev/shm 64 MB, too little for parallel queries; files serve instead."""
    roomy = SHARED_MEMORY.exists() and shutil.disk_usage(SHARED_MEMORY).total >= ENOUGH_SHARED_MEMORY
    return "posix" if roomy else "mmap"
