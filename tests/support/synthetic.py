"""Synthetic runs: whatever passes took is what the test says they took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from raceway.analysis.comparison.comparison import Comparison, compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.analysis.run.results import Result, results_of
from raceway.plan.catalogue import known_models
from raceway.record import (
    SCHEMA_VERSION,
    Commit,
    Environment,
    Grade,
    GroupResult,
    Header,
    Launch,
    Machine,
    Noise,
    Record,
    Run,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raceway.analysis.comparison.verdicts import Terms

MakeLaunch: TypeAlias = Callable[..., Launch]
MakeRecord: TypeAlias = Callable[..., Record]
MakeRun: TypeAlias = Callable[..., Run]
MakeSide: TypeAlias = Callable[..., Side]
Compare: TypeAlias = Callable[..., Comparison]
Results: TypeAlias = Callable[..., list[Result]]
Anchored: TypeAlias = Callable[..., list[Launch]]

MODELS = known_models()
ONE_WORKER = {"serial", "asyncio"}
BESIDE_WAITING_S = 1e-4
"""What cases that wait compute in a launch."""
TURNS = (0.999, 1.0, 1.001)
"""How much longer than the launch's pass the round of each turn takes."""
MACHINE = Machine(
    id="linux-x86_64-xeon-2c-3f9a1c",
    system="Linux",
    architecture="x86_64",
    cpu_model="Xeon",
    logical_cores=2,
    usable_cores=2,
    memory_bytes=8 * 2**30,
)


def a_launch(index: int, pass_s: float, **fields: Any) -> Launch:
    """Return a launch of one round a turn whose median pass takes `pass_s`."""
    rounds_ns = [round(pass_s * factor * 1e9) for factor in TURNS]
    seen = {"cold_s": 0.05, "cpu_s": sum(rounds_ns) / 1e9, "peak_memory_bytes": 50 * 2**20}
    return Launch(index=index, rounds_ns=rounds_ns, turns=[0, 1, 2], **{**seen, **fields})


def a_record(model: str = "serial", passes_s: Sequence[float] = (), **fields: Any) -> Record:
    """Return a case of four tasks in the group primes-4000, one launch a pass time given.

    Where nothing is said of workers, what is not serial or a loop has two, as the machine has.
    """
    names = {"workload": "primes", "size": "4000", "model": model, "kind": "cpu", "tasks": 4}
    names |= {"family": MODELS[model].family if model in MODELS else ""}
    case = {**names, "workers": 1 if model in ONE_WORKER else 2, **fields}
    number = f"w{fields.get('workers', 1)}{case.get('device', '')}@{case.get('interpreter', '')}"
    case_id = f"{case['workload']}-{case['size']}-{model}-{number}"
    used = {"cpu_s": BESIDE_WAITING_S} if case["kind"] == "io" else {}
    launches = [a_launch(index, pass_s, **used) for index, pass_s in enumerate(passes_s)]
    case.setdefault("launches", launches)
    return Record(**{"id": case_id, "fullname": f"bench/test_cpu.py::test[{case_id}]", **case})


def some_groups(
    records: Iterable[Record], launches: int, fields: dict[str, Any]
) -> list[GroupResult]:
    noise = Noise(
        grade=fields.get("grade", Grade.QUIET),
        reasons=fields.get("reasons", []),
        parallel_capacity=fields.get("capacity"),
    )
    return [
        GroupResult(
            id=group,
            launch=launch,
            started_at="2026-11-23T04:55:00+00:00",
            wall_s=1.0,
            noise=noise,
            launches={},
            longest_task_share=fields.get("longest_task_share"),
            parallel_anchors_ns=fields.get("parallel_anchors_ns", []),
            cores_taken=fields.get("cores_taken", []),
        )
        for launch in range(launches)
        for group in dict.fromkeys(record.group for record in records if record.workload)
    ]


def a_run(records: Sequence[Record] = (), **fields: Any) -> Run:
    """Return a run of these records; every group of every launch in the same conditions."""
    launches = max((len(record.launches) for record in records), default=1)
    labels = dict.fromkeys(record.interpreter for record in records) or {"current": None}
    header = Header(
        schema=SCHEMA_VERSION,
        run_id=fields.get("run_id", "3f9a1c"),
        started_at="2026-11-23T04:55:00+00:00",
        machine=fields.get("machine", MACHINE),
        environments=[
            Environment(
                label=label,
                command="python",
                version=fields.get("version", "3.13.0"),
                implementation="CPython",
            )
            for label in labels
        ],
        commit=Commit(id="0123456789abcdef", branch="main", dirty=True),
        command_line=["pytest", "bench/"],
        profile="default",
        launches=launches,
        planned=[],
        duel=fields.get("duel"),
        host=fields.get("host"),
    )
    return Run(
        header=header,
        finished_at="2026-11-23T04:58:00+00:00",
        status=fields.get("status", Status.OK),
        records=list(records),
        groups=fields.get("groups", some_groups(records, launches, fields)),
        peaks=fields.get("peaks", []),
    )


def a_side(records: Sequence[Record] = (), label: str = "A", **fields: Any) -> Side:
    """Return one run of these records as a side; the run's id is the label unless told."""
    interpreter = fields.pop("interpreter", None)
    return Side(label, [a_run(records, **{"run_id": label, **fields})], interpreter)


def a_comparison(
    a: Sequence[Record], b: Sequence[Record], terms: Terms | None = None, **fields: Any
) -> Comparison:
    """Return two runs compared; fields that begin with `b_` are those of B alone."""
    shared = {name: value for name, value in fields.items() if not name.startswith("b_")}
    of_b = {name[2:]: value for name, value in fields.items() if name.startswith("b_")}
    return compare_sides(a_side(a, "A", **shared), a_side(b, "B", **{**shared, **of_b}), terms)


def anchored_launches(
    passes_s: Sequence[float], anchors_s: Sequence[float], **fields: Any
) -> list[Launch]:
    """Return launches with an anchor beside each round, as long in all rounds of a launch."""
    return [
        a_launch(index, pass_s, anchors_ns=[round(anchor_s * 1e9)] * len(TURNS), **fields)
        for index, (pass_s, anchor_s) in enumerate(zip(passes_s, anchors_s, strict=True))
    ]


def some_results(*records: Record, **fields: Any) -> list[Result]:
    """Return the results of records raced side by side."""
    return results_of(a_run(records, **fields))
