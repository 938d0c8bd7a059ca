"""The embedded Redis (or Valkey): append-only file in `var/`, reached through a Unix socket in a private directory."""

import os
from pathlib import Path

import redis

from deliberation.embedded.addresses import redis_url, run_directory
from deliberation.embedded.binaries import redis_server
from deliberation.embedded.leash import leashed, make_private
from deliberation.embedded.supervisor import Program, Supervisor

NAME = "redis"


def start(supervisor: Supervisor, var: Path) -> None:
    data, sockets = var / "redis", run_directory(var) / "redis"
    for directory in (data, sockets):
        make_private(directory)
    supervisor.start(program(data, sockets))


def wait_until_ready(supervisor: Supervisor, var: Path) -> None:
    supervisor.wait_for(NAME, lambda: answers(redis_url(var)))


def program(data: Path, sockets: Path) -> Program:
    command = [
        str(redis_server()),
        "--port",
        "0",
        "--unixsocket",
        str(sockets / "redis.sock"),
        "--unixsocketperm",
        "700",
    ]
    command += ["--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    command += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
    return Program(NAME, tuple(leashed(command)), environment={"PATH": os.defpath}, stops=2)


def answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
