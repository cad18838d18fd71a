"""Which model suits which work on which device, and from which profile on something races."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.case import Kind, Scope

if TYPE_CHECKING:
    from raceway.case import Model, Workload


def suits(model: Model, work: Workload, device: str) -> bool:
    """Whether a model can run a workload on a device at all."""
    kind = device.split(":", maxsplit=1)[0]
    return (
        work.kind in model.kinds
        and kind in model.devices
        and (work.kind is not Kind.TENSOR or kind in work.devices)
        and not (model.new_workers and work.setup)
        and all(getattr(work, field) for field in model.needs)
    )


def is_beyond(scope: Scope, profile: str) -> bool:
    """Whether a scope is larger than a profile."""
    scopes = list(Scope)
    return scopes.index(scope) > scopes.index(Scope(profile))


def first_sizes(work: Workload) -> list[str]:
    """Return the sizes of a workload that the smallest profiles race, of all its sizes."""
    scopes = list(Scope)
    ranks = {size: scopes.index(work.size_scopes.get(size, Scope.SMOKE)) for size in work.sizes}
    return [size for size, rank in ranks.items() if rank == min(ranks.values())]
