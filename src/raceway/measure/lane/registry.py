"""Inside a lane: finds models and workloads by name. Standard library only."""

from __future__ import annotations

import importlib
from typing import Any

from raceway.case import BROUGHT, BROUGHT_MODEL


def attribute(folder: str, name: str, constant: str) -> Any:
    """Import the model or workload of that name, a user's file before one of ours."""
    stem = name.replace("-", "_")
    brought = (BROUGHT if folder == "workloads" else BROUGHT_MODEL) + stem
    try:
        return getattr(importlib.import_module(brought), constant)
    except ModuleNotFoundError as error:
        if error.name != brought:
            raise
    return getattr(importlib.import_module(f"raceway.{folder}.{stem}"), constant)
