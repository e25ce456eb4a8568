"""The three rule sets of Circular Partners, day by day."""

from __future__ import annotations

from datetime import date

import pytest

from kg.ledger import Commitment, RuleSet, State, add_months, standing

COMPANY = RuleSet("companyOrIndustryAssociation", 12, 12)
TOWN = RuleSet("localGovernment", 12, None, publication_within_months=24)
UNIVERSITY = RuleSet("universityResearchOther", 12, None, asks_for_project=True, publication_within_months=None)


def commitment(rules: RuleSet, **fields: object) -> Commitment:
    return Commitment("commitment-1", "会員", "目標", rules, **{"joined_on": date(2024, 4, 1), **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 22), 12, date(2024, 12, 22)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_or_the_last_day(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("rules", "on", "state"),
    [
        (COMPANY, date(2025, 4, 1), "goal_pending"),  # the last day of the year is included
        (COMPANY, date(2025, 4, 2), "goal_overdue"),
        (TOWN, date(2025, 4, 2), "goal_overdue"),
        (UNIVERSITY, date(2025, 4, 1), "goal_pending"),
        (UNIVERSITY, date(2025, 4, 2), "project_missing"),
    ],
)
def test_a_goal_or_project_is_due_within_a_year_of_joining(rules: RuleSet, on: date, state: State) -> None:
    found = standing(commitment(rules), on)
    assert (found.state, found.due) == (state, date(2025, 4, 1))
    assert "2025-04-01" in found.en and "2025-04-01" in found.ja


def test_what_was_recorded_later_is_not_known_on_the_day() -> None:
    late = commitment(COMPANY, goal_submitted_on=date(2025, 6, 1), measures_published_on=date(2025, 6, 1))
    assert standing(late, date(2025, 5, 1)).state == "goal_overdue"
    assert standing(late, date(2025, 6, 1)).state == "on_track"


class TestFollowUps:
    def goal(self, *reports: date, rules: RuleSet = COMPANY, period: int | None = None) -> Commitment:
        day = date(2024, 6, 30)
        return commitment(
            rules,
            goal_submitted_on=day,
            measures_published_on=day,
            follow_up_months=period,
            reported_on=reports,
        )

    def test_the_due_day_itself_is_in_time(self) -> None:
        assert standing(self.goal(), date(2025, 6, 30)).state == "on_track"
        assert standing(self.goal(), date(2025, 7, 1)).state == "follow_up_overdue"

    def test_an_early_report_serves_the_coming_date(self) -> None:
        found = standing(self.goal(date(2025, 5, 1)), date(2025, 7, 1))
        assert (found.state, found.due) == ("on_track", date(2026, 6, 30))

    def test_a_late_report_makes_up_for_the_missed_date_and_not_for_the_next(self) -> None:
        late = self.goal(date(2025, 9, 1))
        assert standing(late, date(2026, 6, 30)).state == "on_track"
        assert standing(late, date(2026, 7, 1)).state == "follow_up_overdue"

    def test_two_reports_in_one_period_serve_one_date(self) -> None:
        found = standing(self.goal(date(2025, 1, 1), date(2025, 2, 1)), date(2026, 7, 1))
        assert (found.state, found.due) == ("follow_up_overdue", date(2026, 6, 30))

    def test_a_town_reports_at_its_own_period(self) -> None:
        town = self.goal(rules=TOWN, period=24)
        assert standing(town, date(2026, 6, 30)).state == "on_track"
        assert standing(town, date(2026, 7, 1)).state == "follow_up_overdue"

    def test_without_a_period_nothing_comes_due(self) -> None:
        found = standing(self.goal(rules=TOWN), date(2030, 1, 1))
        assert (found.state, found.due) == ("on_track", None)

    def test_a_company_cannot_choose_a_longer_period(self) -> None:
        assert standing(self.goal(period=36), date(2025, 7, 1)).state == "follow_up_overdue"


@pytest.mark.parametrize(
    ("rules", "on", "state"),
    [
        (COMPANY, date(2024, 7, 1), "publication_missing"),
        (TOWN, date(2026, 6, 29), "on_track"),
        (TOWN, date(2026, 6, 30), "publication_missing"),
        (UNIVERSITY, date(2026, 6, 30), "on_track"),
    ],
)
def test_measures_are_published_where_each_kind_publishes_them(rules: RuleSet, on: date, state: State) -> None:
    unpublished = commitment(rules, goal_submitted_on=date(2024, 6, 30))
    assert standing(unpublished, on).state == state
