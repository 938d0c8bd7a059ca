"""How a command is started so that it cannot outlive the process that started it, and runs with no more rights than it
needs."""

import os
import pwd
import shutil
import signal
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from deliberation.embedded.errors import CannotStartError

ACCOUNT_WITHOUT_RIGHTS = "nobody"


def leashed(command: Iterable[str], death: signal.Signals = signal.SIGKILL) -> list[str]:
    """The command, made to receive `death` when the thread that starts it ends. Only Linux has such a leash."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", signal_name(death), *command] if setpriv else [*command]


def without_rights(
    command: Iterable[str], reaches: Iterable[Path], death: signal.Signals = signal.SIGKILL
) -> list[str]:
    """The command as an account without rights where the operator is root, as PostgreSQL demands; else just leashed.

    `reaches` are the paths it must get to. Where one lies below a directory closed to others (a clone in root's home),
    the command keeps the one capability that lets it pass.
    """
    if os.geteuid() != 0:
        return leashed(command, death)
    if not (setpriv := shutil.which("setpriv")):
        raise CannotStartError(
            "PostgreSQL does not run as root: install util-linux's setpriv, or start Majelis as a user."
        )
    account = pwd.getpwnam(ACCOUNT_WITHOUT_RIGHTS)
    drop = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    pass_closed_doors = ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    needs_pass = any(below_a_closed_directory(path) for path in reaches)
    return [setpriv, *drop, *(pass_closed_doors if needs_pass else []), "--pdeathsig", signal_name(death), *command]


def below_a_closed_directory(path: Path) -> bool:
    return any(not parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents if parent.exists())


def signal_name(number: signal.Signals) -> str:
    return number.name.removeprefix("SIG")


def make_private(directory: Path, owner: int | None = None) -> None:
    """A directory that its owner alone can open; one that somebody else made there is refused."""
    owner = os.geteuid() if owner is None else owner
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_uid not in {os.geteuid(), owner}:
        raise CannotStartError(f"{directory} belongs to somebody else; remove it and start again.")
    directory.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(directory, owner, -1)


def make_passable(directory: Path) -> None:
    """A private directory that PostgreSQL's account may pass through, but not list, where the operator is root."""
    make_private(directory)
    if os.geteuid() == 0:
        directory.chmod(0o711)


def server_account() -> int:
    return pwd.getpwnam(ACCOUNT_WITHOUT_RIGHTS).pw_uid if os.geteuid() == 0 else os.geteuid()
