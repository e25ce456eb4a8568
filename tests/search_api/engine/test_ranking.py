"""A signal that is missing costs nothing, one that is there helps, and a probability is one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from search_api.engine.calibration import Calibration, pooled
from search_api.engine.index.entries import Candidate, Entry
from search_api.engine.ranking import FAMILIAR, KNOWN, Hit, Meaning, background, rank

WEIGHTS = {"score": 5.0, "rise": 10.0, "agreement": 2.0}
CALIBRATION = Calibration("m", ("technology",), -4.0, WEIGHTS, {"rise": 0.16, "agreement": 0.5}, 0.2, "test")


def probability(score: float, usual: float | None, meaning: Meaning | None = None) -> float:
    return float(CALIBRATION.probabilities([score], usual, [meaning])[0])


def entry(record: str, part: str = "ja", concepts: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> Entry:
    return Entry(record, part, "technology", part, record, "", concepts=concepts, named=named)


def order(*candidates: tuple[Entry, float, float], concepts: tuple[str, ...] = ()) -> list[str]:
    return [hit.entry.record for hit in rank([Candidate(*each) for each in candidates], concepts)]


def test_without_words_and_concepts_cosines_decide() -> None:
    assert order((entry("a"), 0.2, 0.0), (entry("b"), 0.3, 0.0)) == ["b", "a"]


def test_words_and_concepts_lift_and_their_lack_costs_nothing() -> None:
    assert order((entry("a"), 0.30, 0.0), (entry("b"), 0.28, 0.9)) == ["b", "a"]
    assert order((entry("a"), 0.30, 0.0), (entry("b", named=("c",)), 0.29, 0.0), concepts=("c",)) == ["b", "a"]
    assert rank([Candidate(entry("a"), 0.3)], ("c",))[0].score == pytest.approx(0.3)


def test_a_few_common_words_do_not_outweigh_meaning() -> None:
    assert order((entry("a"), 0.30, 0.0), (entry("b"), 0.28, 0.3)) == ["a", "b"]


def test_stated_and_named_concepts_count_once_and_three_at_most() -> None:
    many = tuple("cdefg")
    once = rank([Candidate(entry("a", concepts=("c",), named=("c",)), 0.3)], ("c",))[0].score
    all_ = rank([Candidate(entry("a", concepts=many), 0.3)], many)[0].score
    assert (once - 0.3) * 3 == pytest.approx(all_ - 0.3)


def test_words_that_name_what_the_graph_states_count_by_the_square_of_their_share() -> None:
    shares = ((frozenset({"c", "other"}), 0.5), (frozenset({"d"}), 0.5))

    def score(*concepts: str, named: tuple[str, ...] = ()) -> float:
        return rank([Candidate(entry("a", concepts=concepts, named=named), 0.3)], (), shares=shares)[0].score - 0.3

    assert score("c", "d") == pytest.approx(4 * score("c")) and score("c") > 0
    assert score() == score(named=("c", "d")) == pytest.approx(0)


def test_of_two_languages_of_a_record_the_better_counts() -> None:
    (hit,) = rank([Candidate(entry("a", "ja"), 0.2), Candidate(entry("a", "en"), 0.4)], ())
    assert hit.entry.part == "en"


def test_the_background_is_what_comes_after_the_first_ten() -> None:
    hits = [Hit(entry(str(n)), 0.0, score=1.0 if n < 10 else 0.1) for n in range(30)]
    assert background(hits) == pytest.approx(0.1)
    assert background(hits[:10]) is None


@given(st.floats(-1, 1.2), st.one_of(st.none(), st.floats(-1, 1)))
def test_probabilities_lie_between_0_and_1(score: float, usual: float | None) -> None:
    assert 0 < probability(score, usual) < 1


@given(st.floats(-1, 1), st.floats(0, 0.2))
def test_a_higher_score_is_never_less_likely(score: float, more: float) -> None:
    assert probability(score + more, 0.1) >= probability(score, 0.1)


def test_what_is_not_known_is_taken_as_usual_and_agreement_raises_the_probability() -> None:
    usual = probability(0.3, 0.14, Meaning(0.0, 0.5, 0.0, 1.0))
    assert probability(0.3, None) == pytest.approx(usual)
    assert probability(0.3, 0.14, Meaning(0.0, 0.9, 0.0, 1.0)) > usual


def test_only_what_was_calibrated_has_a_probability() -> None:
    assert CALIBRATION.holds_for("m", "technology")
    assert not CALIBRATION.holds_for("other", "technology") and not CALIBRATION.holds_for("m", "partner")


meanings = st.builds(Meaning, *[st.floats(-1, 1)] * 4)


def hits_of(found: list[tuple[float, Meaning | None]], kind: str = "technology") -> list[Hit]:
    """Hits in the order of their scores, as ``rank`` gives them."""
    by_score = sorted(found, key=lambda pair: -pair[0])
    return [
        Hit(Entry(str(n), "ja", kind, "ja", "", ""), score, score=score, meaning=meaning)
        for n, (score, meaning) in enumerate(by_score)
    ]


@given(st.lists(st.tuples(st.floats(-1, 1), st.one_of(st.none(), meanings)), max_size=40))
def test_no_result_is_likelier_than_the_one_before_it(found: list[tuple[float, Meaning | None]]) -> None:
    hits = hits_of(found)
    shown = CALIBRATION.judged(hits, "m")
    chances = [hit.chance for hit in shown]
    assert None not in chances and chances == sorted(chances, reverse=True)  # type: ignore[type-var]
    assert {hit.entry.record for hit in shown} == {hit.entry.record for hit in hits}
    raw = [probability(hit.score, background(hits), hit.meaning) for hit in hits]
    assert sum(chances) == pytest.approx(sum(raw))  # type: ignore[arg-type]


def test_a_result_about_what_is_meant_goes_before_a_closer_one_that_is_not() -> None:
    near_miss, meant = (Meaning(KNOWN, agreement, 0.0, 1.0, FAMILIAR) for agreement in (0.0, 1.0))
    shown = CALIBRATION.judged(hits_of([(0.31, near_miss), (0.3, meant)]), "m")
    assert [hit.score for hit in shown] == [0.3, 0.31]


@pytest.mark.parametrize(("known", "familiar"), [(KNOWN - 0.01, FAMILIAR), (KNOWN, FAMILIAR - 0.01)])
def test_where_needs_say_nothing_scores_order_and_probabilities_that_would_rise_are_pooled(
    known: float, familiar: float
) -> None:
    less, more = (Meaning(known, agreement, 0.0, 1.0, familiar) for agreement in (0.0, 1.0))
    first, second = CALIBRATION.judged(hits_of([(0.31, less), (0.3, more)]), "m")
    assert (first.score, second.score) == (0.31, 0.3) and first.chance == second.chance


@given(st.lists(st.floats(0, 1), max_size=30))
def test_pooling_is_isotonic_regression(chances: list[float]) -> None:
    oracle = IsotonicRegression(increasing=False).fit_transform(range(len(chances)), chances) if chances else []
    assert pooled(chances) == pytest.approx(list(oracle))


def test_what_was_not_calibrated_stays_in_the_order_of_its_scores() -> None:
    partners = hits_of([(0.2, None), (0.3, None)], "partner")
    assert CALIBRATION.judged(partners, "m") == partners
    assert CALIBRATION.judged(hits_of([(0.2, None), (0.3, None)]), "other")[0].chance is None
    mixed = [*hits_of([(0.3, None)], "partner"), *hits_of([(0.2, None)])]
    assert [hit.score for hit in CALIBRATION.judged(mixed, "m")] == [0.3, 0.2]


def test_the_shipped_calibration_is_whole() -> None:
    shipped = Calibration.shipped()
    assert shipped.kinds == ("technology", "issue") and 0 < shipped.line < 1
    assert shipped.weights.keys() == shipped.usual.keys()
    assert all(
        math.isfinite(value) for value in (shipped.intercept, *shipped.weights.values(), *shipped.usual.values())
    )
    assert shipped.weights["agreement"] > 0 and shipped.weights["score"] + shipped.weights["rise"] > 0
