"""One call of `raceway gate`, from the options to the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raceway.archive.resolve import Chooser
from raceway.cli.findings import write_findings
from raceway.cli.gate_duels import duel_suspects
from raceway.cli.output import write_json
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import tell, warn
from raceway.errors import SelectionError, StoreError
from raceway.regression.gate import Gate, GateOutcome, Unclear
from raceway.report.comparison.findings import gate_findings
from raceway.report.comparison.gate import (
    Judgement,
    data_without_baseline,
    gate_data,
    outcome_lines,
    show_first,
)
from raceway.report.run.terminal import print_lines
from raceway.store.baseline import noise_in, set_baseline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from raceway.regression.suite_sides import Pytest
    from raceway.report.comparison.findings import Finding
    from raceway.session.options import Options

NO_BASELINE = "no baseline was set here yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCall:
    """What the user asked for, and where the answer goes."""

    run: str
    baseline: str
    threshold: float
    unclear: Unclear
    advance: bool
    """Whether a run that passes is the baseline from then on."""
    budget_s: float
    suite: Pytest | None
    options: Options
    console: Console
    json: str | None
    annotate: bool
    junit: str | None

    def exit_code(self) -> int:
        """Judge the run, show and write the answer, and return the exit code."""
        recover_left_behind(self.options.results, self.console)
        chooser = Chooser(self.options.results)
        if self.advance and not chooser.is_baseline(self.baseline):
            raise SelectionError(
                f"--advance: {self.baseline} is no baseline's name; set it once with"
                " `raceway baseline set`"
            )
        if chooser.lacks_baseline(self.baseline, self.run):
            code = self.begin_history(chooser) if self.advance else self.without_baseline()
            self.write(data_without_baseline(NO_BASELINE, code), [])
            return code
        judged = self.judged(chooser)
        code = self.conclude(judged)
        if self.advance and judged.outcome(Unclear.AUTO) is GateOutcome.PASSED:
            self.begin_history(chooser)
        return code

    def judged(self, chooser: Chooser) -> Gate:
        """Compare the run with the baseline, and let duels decide what looks slower."""
        sides = chooser.sides(self.baseline, self.run)
        warn(chooser.notes)
        past = chooser.past(sides[1])
        judged = Gate(*sides, self.options, self.threshold, self.budget_s, past)
        show_first(judged.first, judged.suspects(), judged.elsewhere, self.console)
        duel_suspects(judged, self.suite, self.console)
        return judged

    def without_baseline(self) -> int:
        """Say that there is nothing to judge against, and return the exit code of that."""
        tell(f"{NO_BASELINE}, so nothing is judged: `raceway baseline set latest`", self.console)
        return GateOutcome.PASSED if self.unclear is Unclear.PASS else GateOutcome.UNJUDGED

    def begin_history(self, chooser: Chooser) -> int:
        """Let the run be the baseline from now on if it is sound; return the code of success."""
        run_file = chooser.refer(self.run).paths[-1]
        try:
            set_baseline(run_file, self.baseline)
        except StoreError as error:
            warn([f"the baseline stays where it is: {error}"])
        else:
            tell(f"{self.baseline} is {run_file.name} now", self.console)
            warn(filter(None, [noise_in(run_file)]))
        return GateOutcome.PASSED

    def conclude(self, judged: Gate) -> int:
        """Show and write how the gate ends, and return its exit code."""
        code = judged.outcome(self.unclear)
        found = Judgement(
            first=judged.first, again=judged.again, confirmed=judged.confirmed(),
            still_open=judged.open_rows(), lost=judged.lost(), left_out=judged.left_out(),
            reason=judged.reason,
        )  # fmt: skip
        print_lines(outcome_lines(found, code), self.console)
        self.write(gate_data(found, code), gate_findings(found))
        return code

    def write(self, data: dict[str, Any], findings: Sequence[Finding]) -> None:
        """Write what was asked for as JSON, annotations and JUnit XML."""
        write_json(data, self.json)
        write_findings(
            f"raceway gate {self.run}", findings, self.console,
            annotate=self.annotate, junit=self.junit,
        )  # fmt: skip


def unclear_of(option: str) -> Unclear:
    """Return what `--unclear` asks for; SelectionError if it is none of the choices."""
    if option not in list(Unclear):
        raise SelectionError(f"--unclear {option}: choose from {', '.join(Unclear)}")
    return Unclear(option)
