"""The charts of a whole session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.report.charts.gallery import figures_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run
    from raceway.report.charts.figure import Figure


@pytest.fixture(scope="session")
def figures(field_run: Callable[..., Run]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures_of(field_run())}
