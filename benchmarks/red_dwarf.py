"""The peer: red-dwarf, a Python reimplementation of Polis' mathematics, run in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import RawVotes

HOW_TO_INSTALL = (
    "red-dwarf is not installed. It is wanted for this comparison only:\n"
    "  python -m venv red-dwarf && red-dwarf/bin/pip install red-dwarf==0.4.0\n"
    "and then give this benchmark  --peer-python red-dwarf/bin/python"
)


@dataclass(frozen=True)
class PeerMap:
    """Seconds by the clock and of the processor from a list of votes to the map, peak memory, and the groups."""

    seconds: float
    processor_seconds: float
    megabytes: float
    participant_ids: NDArray[np.int64]
    groups: NDArray[np.int64]


def require_peer(python: str) -> None:
    if subprocess.run([python, "-c", "import reddwarf"], capture_output=True, check=False).returncode:
        sys.exit(HOW_TO_INSTALL)


def map_with_red_dwarf(votes: RawVotes, rejected: tuple[int, ...], python: str) -> PeerMap:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "votes.npz"
        np.savez(
            path,
            participants=votes.participants,
            statements=votes.statements,
            values=votes.values,
            rejected=np.array(rejected, dtype=np.int64),
        )
        finished = subprocess.run(
            [python, "-W", "ignore", "-m", "benchmarks.red_dwarf", str(path)],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[1],
        )
    if finished.returncode:
        sys.exit(f"red-dwarf failed:\n{finished.stderr}")
    told = json.loads(finished.stdout.splitlines()[-1])
    return PeerMap(
        told["seconds"],
        told["processor_seconds"],
        told["megabytes"],
        np.array(told["participants"]),
        np.array(told["groups"], dtype=np.int64),
    )


def main(path: str) -> None:
    from reddwarf.implementations.polis import run_pipeline  # slow import, and only in the peer's process

    stored = np.load(path)
    columns = (stored[name].tolist() for name in ("participants", "statements", "values"))
    votes = [
        {"participant_id": who, "statement_id": what, "vote": value, "modified": n}
        for n, (who, what, value) in enumerate(zip(*columns, strict=True))
    ]
    started, worked = time.perf_counter(), time.process_time()
    result = run_pipeline(votes=votes, mod_out_statement_ids=stored["rejected"].tolist(), random_state=0)
    seconds, processor_seconds = time.perf_counter() - started, time.process_time() - worked
    groups = result.participants_df["cluster_id"].fillna(-1).astype(int)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "processor_seconds": processor_seconds,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "participants": [int(each) for each in groups.index],
                "groups": [int(each) for each in groups],
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
