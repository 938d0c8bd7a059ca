"""Where the embedded PostgreSQL and Redis of a `var/` directory listen."""

import hashlib
import tempfile
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET_DIRECTORY = 80  # a Unix socket's path has at most 107 bytes, the socket's own name included


def run_directory(var: Path) -> Path:
    """The directory of the sockets: in `var/`, or in the system's temporary directory where that path is too long."""
    inside = var / "run"
    if len(str(inside).encode()) <= LONGEST_SOCKET_DIRECTORY:
        return inside
    return Path(tempfile.gettempdir()) / f"majelis-{hashlib.sha256(str(var).encode()).hexdigest()[:16]}"


def database_url(var: Path) -> str:
    return f"postgres://majelis@{quote(str(run_directory(var) / 'postgres'), safe='')}/majelis"


def redis_url(var: Path) -> str:
    return f"unix://{run_directory(var) / 'redis' / 'redis.sock'}"


def broker_url(redis_url: str) -> str:
    """Celery's spelling of a redis-py address: `unix:///path` is `redis+socket:///path` there."""
    return "redis+socket://" + redis_url.removeprefix("unix://") if redis_url.startswith("unix://") else redis_url
