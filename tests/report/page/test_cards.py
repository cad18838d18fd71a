"""Advice on a card of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.results import results_of
from raceway.report.format.labels import Labels
from raceway.report.page.cards import advice_cards

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run


def test_the_figure_stands_first_and_what_it_rests_on_in_small(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    one = run([record("serial", steady), record("pool", [each / 1.8 for each in steady])])
    (card,) = advice_cards(advice_of(results_of(one)), Labels(one))

    assert card.word == "pool 1.8×"
    assert card.text == "at 250 ms a task, 90 % of the limit"
    assert card.small.startswith("[1.7")


def test_where_serial_is_best_the_card_says_to_stay_there(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    one = run([record("serial", steady), record("pool", [1.5 * each for each in steady])])
    (card,) = advice_cards(advice_of(results_of(one)), Labels(one))

    assert (card.word, card.text) == ("stay serial", "nothing pays at the only size measured")


def test_what_pays_at_a_smaller_size_stands_first_where_the_largest_is_unclear(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    one = run([
        record("serial", steady, size="small"),
        record("pool", [0.6 * each for each in steady], size="small"),
        record("serial", steady, size="large"),
        record("pool", [0.7, 1.3, 0.9, 1.2, 0.6], size="large"),
    ])  # fmt: skip
    (card,) = advice_cards(advice_of(results_of(one)), Labels(one))

    assert (card.word, card.tone) == ("pool 1.7×", "doubtful")
    assert card.text.startswith("at size small; unclear at size large, serial or pool: 1.1")
