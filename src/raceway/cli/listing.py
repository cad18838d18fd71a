"""The catalogue on screen: what exists, what would race here, and why the rest would not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from raceway.plan.selection import Entrant
    from raceway.session.lineup import Lineup


def show_listing(lineup: Lineup, console: Console) -> None:
    """Print models, workloads and reasons."""
    entrants = [*lineup.entrants.values(), *lineup.out_of_scope.values()]
    models = Table("model", "cases", "family", "how it runs tasks", box=None)
    for name, model in lineup.catalogue.models.items():
        mine = [one for one in entrants if one.case.model == name]
        models.add_row(Text(name), fitting(mine), model.family, Text(model.summary))
    works = Table("workload", "cases", "kind", "sizes", "what it does", box=None)
    for name, work in lineup.catalogue.workloads.items():
        mine = [one for one in entrants if one.case.workload == name]
        works.add_row(
            Text(name), fitting(mine), work.kind, Text(" ".join(work.sizes)), Text(work.summary)
        )
    console.print(models, "", works, "")
    racing = sum(entrant.races for entrant in entrants)
    console.print(f"{racing} of {len(entrants)} cases race here.", highlight=False)
    console.print(reasons_table(entrants))


def reasons_table(entrants: list[Entrant]) -> Table:
    """Return a table of why cases do not race, with their numbers and names."""
    table = Table.grid(Column(justify="right"), Column(), padding=(0, 1), pad_edge=True)
    for reason, cases in reasons(entrants).items():
        who: dict[str, dict[str, None]] = defaultdict(dict)
        for one in cases:
            who[one.case.workload][one.case.model] = None
        by = "; ".join(f"{work} by {', '.join(models)}" for work, models in who.items())
        table.add_row(str(len(cases)), Text(f"{reason} ({by})"))
    return table


def fitting(entrants: list[Entrant]) -> str:
    """Return how many of the cases can be raced or computed."""
    return f"{sum(one.reason is None for one in entrants)}/{len(entrants)}"


def reasons(entrants: list[Entrant]) -> dict[str, list[Entrant]]:
    """Return the cases that do not race, by reason."""
    by_reason: dict[str, list[Entrant]] = defaultdict(list)
    for entrant in entrants:
        if entrant.reason:
            by_reason[entrant.reason].append(entrant)
        elif entrant.computed_s is not None:
            by_reason["computed from its waits, not measured"].append(entrant)
    return by_reason


def as_plain(lineup: Lineup) -> dict[str, Any]:
    """Return the whole catalogue as plain JSON values."""
    return {
        "models": {
            name: {
                "summary": model.summary,
                "family": model.family,
                "kinds": sorted(model.kinds),
            }
            for name, model in lineup.catalogue.models.items()
        },
        "workloads": {
            name: {"summary": work.summary, "kind": work.kind, "sizes": list(work.sizes)}
            for name, work in lineup.catalogue.workloads.items()
        },
        "cases": [
            {
                "case": entrant.case.id,
                **asdict(entrant.case),
                "kind": entrant.kind,
                "races": entrant.races,
                "reason": entrant.reason,
                "computed_s": entrant.computed_s,
            }
            for entrant in [*lineup.entrants.values(), *lineup.out_of_scope.values()]
        ],
    }
