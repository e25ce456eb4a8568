"""How judged results are put in order again for a report by folds."""

from __future__ import annotations

import numpy as np

from benchmarks.calibration import Judged, ranked, shown


def judged(query: str, records: str, *, removed: bool = False, about_needs: bool = True) -> list[Judged]:
    return [
        Judged("set theme", f"set theme {query}", record, removed, place, (0.0,), False, about_needs)
        for place, record in enumerate(records)
    ]


def test_likeliest_first_where_needs_say_something_else_by_score() -> None:
    rows = [*judged("q1", "abc"), *judged("q2", "abc", about_needs=False), *judged("q1", "bc", removed=True)]
    chances = np.array([0.1, 0.2, 0.9] * 2 + [0.2, 0.9])
    run = ranked(rows, chances)
    assert {query: sorted(ranks, key=lambda record: -ranks[record]) for query, ranks in run.items()} == {
        "q1": ["c", "b", "a"],
        "q2": ["a", "b", "c"],
    }
    first, values = shown(rows, chances)
    assert [row.record for row in first] == list("cba" + "abc" + "cb")
    # probabilities that would rise are pooled
    np.testing.assert_allclose(values, [0.9, 0.2, 0.1] + [0.4] * 3 + [0.9, 0.2])
