"""TCP ports on the loopback interface: which are free, which are listened on."""

import random
import socket

LOOPBACK = "127.0.0.1"

# Below the range the kernel hands to outgoing connections: a server that was killed finds its port free again.
_CANDIDATES = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Say whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((LOOPBACK, port)) != 0 and _binds(port)


def _binds(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def choose(preferred: int | None = None) -> int:
    """Return the preferred port if it is free, else some free one."""
    if preferred and is_free(preferred):
        return preferred
    return next(port for port in random.sample(_CANDIDATES, len(_CANDIDATES)) if is_free(port))


def answers(port: int, *, greeting: bytes = b"") -> bool:
    """Say whether something listens on the port and, given a greeting, says something back."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(greeting)
            return not greeting or bool(connection.recv(1))
    except OSError:
        return False
