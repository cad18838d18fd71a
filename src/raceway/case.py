"""The vocabulary of a race: workload, model, case.

Standard library only, since it travels into every lane.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from raceway.demand import USUAL_PRECISION, Demand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from raceway.lap import Job, Runner

SERIAL = "serial"
"""The model that all others are compared with."""

BROUGHT = "raceway_workload_"
"""How modules made of users' files begin: outside of this package, which theirs must not find."""
BROUGHT_MODEL = "raceway_model_"
"""The same for files with a model."""

CURRENT = "current"
"""Label of the interpreter that runs the controller; case ids leave it out."""


class Kind(StrEnum):
    """What a workload's tasks spend their time on."""

    CPU = "cpu"
    IO = "io"
    TENSOR = "tensor"


class Family(StrEnum):
    """What a model runs its tasks on. Charts list models in this order."""

    ONE_CORE = "one core"
    """The calling thread alone."""
    THREADS = "threads"
    EVENT_LOOP = "event loop"
    PROCESSES = "processes"
    INTERPRETERS = "interpreters"
    """Several interpreters in one process."""
    ENGINES = "engines"
    """Schedulers with workers of their own, perhaps on other machines."""
    TENSOR = "tensor"
    """A tensor library's own threads or devices."""


class Workers(StrEnum):
    """How many tasks of a case a model can run at the same time."""

    ONE = "one"
    """One task at a time; `--workers` does not apply."""
    POOL = "pool"
    """As many as the pool has workers."""
    ALL = "all"
    """Every task at once, on one thread; `--workers` does not apply."""


class Scope(StrEnum):
    """The smallest profile that races something of its own accord; larger ones do so, too."""

    SMOKE = "smoke"
    DEFAULT = "default"
    FULL = "full"
    NAMED = "named"
    """No profile: only what is asked for by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A kind of work, cut into independent tasks, at several sizes.

    `task` takes one argument; a tensor workload's task also takes `device=`. It must be importable
    (no lambda), since workers in other processes import it.
    """

    summary: str
    kind: Kind
    task: Callable[..., Any]
    sizes: Mapping[str, Sequence[Any]]
    """The arguments of the tasks by size name, one per task; sizes in order of growing work."""
    async_task: Callable[..., Any] | None = None
    """The same task as a coroutine function, for models that run on an event loop."""
    trio_task: Callable[..., Any] | None = None
    """The same as a coroutine function for trio."""
    setup: Callable[..., AbstractContextManager[Any]] | None = None
    """What each worker needs, such as a connection: entered once in each thread or process that
    runs tasks, never in a timed pass, and left when the worker ends. Tasks then take what it yields
    as `resource=`."""
    async_setup: Callable[..., AbstractAsyncContextManager[Any]] | None = None
    """The same for `async_task`: entered once on each event loop."""
    trio_setup: Callable[..., AbstractAsyncContextManager[Any]] | None = None
    """The same for `trio_task`: entered once in each run of trio."""
    server: Callable[[], AbstractContextManager[Any]] | None = None
    """What the tasks talk to: entered once in each lane, before anything is timed; its processes
    live until the lane ends. Setups take the address it yields; tasks without one, as `resource=`.
    """
    fresh: Callable[[Any], Any] | None = None
    """Makes an argument anew before each pass, never timed, for tasks that change theirs."""
    expected: Callable[[Any], Any] | None = None
    """The right answer for an argument, if known without running the task."""
    agrees: Callable[[Any, Any], bool] = operator.eq
    """Whether an answer is as good as the expected one.

    By default `==`, by which arrays, tensors, frames and NaN are compared by value, wherever they
    are in an answer, and floats up to rounding.
    """
    audit: Callable[..., bool] | None = None
    """A thorough check of one task, too slow for every round; run once with each model."""
    wait_s: Callable[[Any], float] | None = None
    flops: Callable[[Any], float] | None = None
    moved_bytes: Callable[[Any], float] | None = None
    resident_bytes: Callable[[Any], float] | None = None
    to_device_bytes: Callable[[Any], float] | None = None
    from_device_bytes: Callable[[Any], float] | None = None
    payload_bytes: Callable[[Any], float] | None = None
    """Bytes of an argument that are sent to a worker and back again, if that is much: the price of
    moving them follows from it."""
    precision: str = USUAL_PRECISION
    """In which its operations are done: `fp32`, `tf32` or `bf16`."""
    kernel: Callable[..., Any] | None = None
    """The tensor operations of a task alone, for models that compile them; `audit` then takes the
    compiled one as `kernel=`."""
    inputs: Callable[..., Sequence[Any]] | None = None
    """What `kernel` is given for an argument; takes `device=` as well."""
    capturable: bool = False
    """Whether a task on a GPU only queues work and awaits nothing, so that a graph can hold it."""
    devices: frozenset[str] = frozenset({"cpu", "cuda"})
    """Device types on which it makes sense."""
    device_scopes: Mapping[str, Scope] = field(default_factory=dict)
    """By device type, the smallest profile that races it there; if not named, every one."""
    size_scopes: Mapping[str, Scope] = field(default_factory=dict)
    """By size name, the smallest profile that races it."""
    requires: tuple[str, ...] = ()
    """Packages the tasks import; fresh workers import them again."""
    extra: str = ""
    """The extra of raceway that installs them, if there is one."""
    obstacle: Callable[[], str] | None = None
    """Tells in one line what it lacks on this machine, such as a server, so that it is skipped;
    nothing if it can race."""
    most_at_once: int = 0
    """The most tasks that it lets run at the same time, such as the connections of a pool; 0 if it
    does not matter. Where it waits, a pool gets no more workers, unless asked for."""
    families: frozenset[Family] = frozenset(Family)
    """The families of models that race it."""
    releases_gil: bool = False
    """Whether its tasks compute in C without the GIL, so that threads can run at the same time."""
    then_computes: bool = False
    """Whether each task, once it has waited, computes, and the same in every model: the limit then
    holds both."""

    def demand(self, size: str) -> Demand:
        """Return what one round of `size` asks of the hardware."""
        arguments = self.sizes[size]

        def total(per_task: Callable[[Any], float] | None) -> float:
            return sum(map(per_task, arguments)) if per_task else 0.0

        return Demand(
            tasks=len(arguments),
            waits_s=tuple(map(self.wait_s, arguments)) if self.wait_s else (),
            then_computes=self.then_computes,
            flops=total(self.flops),
            moved_bytes=total(self.moved_bytes),
            resident_bytes=total(self.resident_bytes),
            to_device_bytes=total(self.to_device_bytes),
            from_device_bytes=total(self.from_device_bytes),
            payload_bytes=total(self.payload_bytes),
            precision=self.precision,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A way to run tasks concurrently.

    `open` starts whatever the model needs and yields a runner; leaving the context stops it.
    """

    summary: str
    open: Callable[[Job], AbstractContextManager[Runner]]
    family: Family
    workers: Workers = Workers.POOL
    kinds: frozenset[Kind] = frozenset(Kind)
    devices: frozenset[str] = frozenset({"cpu"})
    """Device types whose cases this model races."""
    scope: Scope = Scope.SMOKE
    """The smallest profile that races it."""
    needs: tuple[str, ...] = ()
    """Fields that a workload must set for this model to run it, such as `trio_task`."""
    new_workers: bool = False
    """Whether each pass gets new workers, so that it cannot race work with `setup` untimed."""
    compiles: bool = False
    """Whether it compiles the kernel; needs a C++ compiler."""
    requires: tuple[str, ...] = ()
    """Packages it imports."""
    extra: str = ""
    """The extra of raceway that installs them, if there is one."""
    python: tuple[int, int] = (3, 11)
    """The first Python version it runs on."""
    option: str = ""
    """The option without which it cannot race, as typed; empty if it needs none."""
    start_method: str | None = None
    """The multiprocessing start method it needs, if any."""
    fresh_workers: bool = False
    """Whether its workers import everything again instead of inheriting it."""
    most_waiting_workers: int = 1
    """The most workers it gets for tasks that only wait."""
    usual_workers: int = 0
    """How many workers it gets if their number does not follow from the cores; 0 if it does."""
    threads_per_task: bool = False
    """Whether all workers share one task (intra-op threads) instead of running one each."""
    colour: str = ""
    """Its colour in every chart, as `#rrggbb`; if empty, a spare one chosen by name."""
    shape: str = ""
    """Its mark in every chart, a Vega shape or an SVG path; if empty, a spare one."""
    recipe: str = ""
    """The same in plain Python, for the advice on a function of the user's own.

    A function `{name}(items)` that returns the answers, below its imports. `{function}` or
    `{coroutine}` stands for what is called, `{workers}` for their number, and `{initializer}` for
    an argument that lets each worker process be set up.
    """


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """What is timed. It holds only names, so that it can be saved and sent."""

    workload: str
    size: str
    model: str
    workers: int = 1
    device: str = "cpu"
    interpreter: str = CURRENT

    @property
    def id(self) -> str:
        """The readable id, stable across machines and runs."""
        device = "" if self.device == "cpu" else f"-{self.device.replace(':', '')}"
        interpreter = "" if self.interpreter == CURRENT else f"@{self.interpreter}"
        return f"{self.group}-{self.model}-w{self.workers}{device}{interpreter}"

    @property
    def group(self) -> str:
        """The id of the group this case races in."""
        return f"{self.workload}-{self.size}"

    @property
    def lane(self) -> tuple[str, str, int, str, str]:
        """What two cases must share to race in the same lane: all but the size.

        Forked workers of one workload would inherit what another has imported.
        """
        return (self.workload, self.model, self.workers, self.device, self.interpreter)
