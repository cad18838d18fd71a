"""Errors that users can fix; each says what is wrong, where, and what to do."""

from raceway.exit_codes import ExitCode


class RacewayError(Exception):
    """Something the user can fix. Commands print it as one line and exit with `exit_code`."""

    exit_code = ExitCode.WRONG_CALL


class SelectionError(RacewayError):
    """The options name a model, workload, size, device or interpreter that cannot be raced."""


class CatalogueError(RacewayError):
    """A model or workload file does not define what it must."""


class LaneError(RacewayError):
    """A lane crashed, hung or broke the protocol; its case has failed."""


class StoreError(RacewayError):
    """A run could not be written or read."""
