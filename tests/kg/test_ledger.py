"""The three rule sets of Circular Partners, day by day."""

from __future__ import annotations

from datetime import date

import pytest

from kg.ledger import Commitment, RuleSet, State, add_months, by_urgency, standing

COMPANY = RuleSet("companyOrIndustryAssociation", 12, 12)
TOWN = RuleSet("localGovernment", 12, None, publication="plan_revision")
UNIVERSITY = RuleSet("universityResearchOther", 12, None, asks_for_project=True, publication="by_reports")


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


class TestPublication:
    def unpublished(self, rules: RuleSet, **fields: object) -> Commitment:
        return commitment(rules, goal_submitted_on=date(2024, 6, 30), **fields)

    def test_a_company_publishes_with_its_goal_and_the_day_itself_is_in_time(self) -> None:
        assert standing(self.unpublished(COMPANY), date(2024, 6, 30)).state == "on_track"
        found = standing(self.unpublished(COMPANY), date(2024, 7, 1))
        assert (found.state, found.due) == ("publication_missing", date(2024, 6, 30))

    def test_a_town_publishes_in_the_next_revision_of_its_plan_whenever_that_is(self) -> None:
        town = self.unpublished(TOWN, plan_revision_on=date(2029, 3, 31))
        found = standing(town, date(2029, 3, 31))
        assert (found.state, found.due) == ("on_track", date(2029, 3, 31)) and "2029-03-31" in found.ja
        assert standing(town, date(2029, 4, 1)).state == "publication_missing"

    def test_where_the_revision_is_not_stated_nothing_is_late_and_that_is_said(self) -> None:
        found = standing(self.unpublished(TOWN), date(2040, 1, 1))
        assert (found.state, found.due) == ("on_track", None)
        assert "plan's next revision" in found.en and "計画改定" in found.ja

    def test_published_measures_are_enough_however_late(self) -> None:
        town = self.unpublished(TOWN, plan_revision_on=date(2025, 3, 31), measures_published_on=date(2025, 9, 1))
        assert standing(town, date(2025, 8, 31)).state == "publication_missing"
        assert standing(town, date(2025, 9, 1)).state == "on_track"

    def test_the_reports_of_a_university_are_its_publication(self) -> None:
        assert standing(self.unpublished(UNIVERSITY), date(2026, 6, 30)).state == "on_track"

    def test_what_else_is_overdue_is_told_as_well(self) -> None:
        found = standing(self.unpublished(COMPANY), date(2026, 1, 1))
        assert found.state == "follow_up_overdue" and found.overdue
        assert [(duty.state, duty.due) for duty in found.also] == [("publication_missing", date(2024, 6, 30))]

    def test_the_next_day_is_the_nearer_of_report_and_revision(self) -> None:
        town = self.unpublished(TOWN, plan_revision_on=date(2025, 3, 31), follow_up_months=12)
        assert standing(town, date(2025, 1, 1)).due == date(2025, 3, 31)
        published = self.unpublished(TOWN, measures_published_on=date(2024, 12, 1), follow_up_months=12)
        assert standing(published, date(2025, 1, 1)).due == date(2025, 6, 30)


def test_who_joined_on_29_february_has_until_28_february() -> None:
    leap = commitment(COMPANY, joined_on=date(2024, 2, 29))
    assert standing(leap, date(2025, 2, 28)).state == "goal_pending"
    assert standing(leap, date(2025, 3, 1)).state == "goal_overdue"


def test_a_goal_of_29_february_is_reported_on_by_28_february_and_again_on_29_february() -> None:
    day = date(2024, 2, 29)
    member = commitment(COMPANY, goal_submitted_on=day, measures_published_on=day, joined_on=date(2023, 6, 1))
    assert standing(member, date(2025, 2, 28)).due == date(2025, 2, 28)
    assert standing(member, date(2025, 3, 1)).state == "follow_up_overdue"
    yearly = tuple(date(year, 2, 1) for year in (2025, 2026, 2027))
    later = commitment(COMPANY, goal_submitted_on=day, measures_published_on=day, reported_on=yearly)
    assert standing(later, date(2027, 3, 1)).due == date(2028, 2, 29)


def test_a_changed_goal_moves_no_date() -> None:
    day = date(2024, 6, 30)
    fields = {"goal_submitted_on": day, "measures_published_on": day}
    changed = commitment(COMPANY, changed_on=date(2025, 6, 1), **fields)
    assert standing(changed, date(2025, 6, 30)).due == date(2025, 6, 30)
    assert standing(changed, date(2025, 7, 1)).state == "follow_up_overdue"


def test_the_most_urgent_comes_first() -> None:
    on = date(2026, 6, 1)
    pending = standing(commitment(COMPANY, joined_on=date(2026, 1, 1)), on)
    overdue = standing(commitment(COMPANY, joined_on=date(2025, 1, 1)), on)
    longer = standing(commitment(UNIVERSITY, joined_on=date(2024, 1, 1)), on)
    no_date = standing(commitment(TOWN, goal_submitted_on=on), on)
    assert sorted([no_date, pending, overdue, longer], key=by_urgency) == [longer, overdue, pending, no_date]
