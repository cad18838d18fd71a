"""A machine in the best of health, to be made ill in one place at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.healthy import a_gpu, a_machine, some_facts

if TYPE_CHECKING:
    from raceway.doctor.facts import Facts
    from support.healthy import MakeGpu, MakeMachine


@pytest.fixture
def machine() -> MakeMachine:
    """Return a factory of machines whose cores run at a fixed speed."""
    return a_machine


@pytest.fixture
def gpu() -> MakeGpu:
    """Return a factory of idle GPUs."""
    return a_gpu


@pytest.fixture
def facts() -> Facts:
    """Return a healthy machine of four cores and a GPU."""
    return some_facts()
