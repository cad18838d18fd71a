from __future__ import annotations

import asyncio

import pytest

from raceway.workloads.dns import WORKLOAD, known, look_up, look_up_async


@pytest.mark.parametrize("port", [1, 80, 1_000])
async def test_the_resolver_is_asked_either_way(port: int) -> None:
    assert look_up(port) == known(port) == await look_up_async(port)


@pytest.mark.parametrize("size", WORKLOAD.sizes)
def test_every_port_is_one(size: str) -> None:
    assert {0 < port < 2**16 for port in WORKLOAD.sizes[size]} == {True}
    assert len(WORKLOAD.sizes[size]) == int(size)


def test_the_resolver_itself_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(*question: object) -> list[tuple[tuple[str, int], ...]]:
        asked.append(question[:2])
        return [(("10.0.0.1", 7),)]

    monkeypatch.setattr("socket.getaddrinfo", answer)

    assert look_up(7) == ("10.0.0.1", 7)
    assert asyncio.run(look_up_async(7)) == ("10.0.0.1", 7)
    assert asked == [("localhost", 7)] * 2
