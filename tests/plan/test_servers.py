"""What options say of servers: which PostgreSQL is asked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from raceway.errors import LaneError
from raceway.plan.catalogue import discover
from raceway.plan.servers import servers_of
from raceway.session.options import Asked, options_from
from raceway.workloads import postgres
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from support.lanes import StartLane

NOWHERE = "host=127.0.0.1 port=1 user=me connect_timeout=5"


@pytest.fixture(autouse=True)
def _no_server_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(postgres.DSN, raising=False)


def test_without_the_option_the_workload_is_the_one_built_in() -> None:
    assert servers_of(None) == []
    assert discover(servers=[]).workloads["postgres"] is postgres.WORKLOAD


def test_a_server_that_is_named_is_no_longer_looked_for_here() -> None:
    catalogue = options_from(Asked({"postgres": NOWHERE})).catalogue()

    assert postgres.WORKLOAD.obstacle is not None
    assert catalogue.workloads["postgres"].obstacle is None
    assert postgres.DSN not in os.environ


async def test_a_lane_asks_the_server_that_is_named(start: StartLane) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    lane = await start(discover(servers=servers_of(NOWHERE)))
    await lane.ask("prepare", PATIENCE_S, workload="postgres", size="10", device="cpu")

    with pytest.raises(LaneError, match=r'server at "127\.0\.0\.1", port 1 failed'):
        await lane.ask("open", PATIENCE_S, model="serial", workers=1, reference=False, audit=False)
