"""What tests stand on: a port that is found stays free until the program is up that it was found for."""

from __future__ import annotations

import contextlib
import socket

from tests.loopback import free_port


def test_a_port_that_was_found_is_given_to_nobody_else() -> None:
    found = {free_port() for _ in range(50)}
    assert len(found) == 50
    with contextlib.ExitStack() as open_ones:
        given = set()
        for _ in range(500):
            server = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
            client = open_ones.enter_context(socket.create_connection(server.getsockname()))
            given |= {server.getsockname()[1], client.getsockname()[1]}
        assert min(given) > max(found)
        for port in found:
            open_ones.enter_context(socket.create_server(("127.0.0.1", port)))


def test_a_port_that_somebody_listens_on_is_passed_over() -> None:
    following = free_port() + 1
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", following)):
        assert free_port() != following
