"""The table of codes that no longer exist."""

from __future__ import annotations

import csv
import datetime
from importlib import resources

from ingest.regions.codes import parse_code
from ingest.regions.register import RegionRegister


def rows() -> list[dict[str, str]]:
    text = (resources.files("ingest.regions") / "abolished.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_rows_are_whole_sorted_and_without_repeats() -> None:
    codes = [row["code"] for row in rows()]
    assert codes == sorted(set(codes))
    assert len(codes) >= 40
    for row in rows():
        assert parse_code(row["code"]).code == row["code"]
        assert datetime.date(1970, 1, 1) < datetime.date.fromisoformat(row["abolished"])
        assert row["event"] in {"merged", "absorbed", "ward", "recoded", "designated", "becameCity"}
        assert row["source"].startswith("総務省")
        assert all(row.values())


def test_no_abolished_code_is_current_and_all_lead_to_one_present_region_of_the_same_prefecture() -> None:
    register = RegionRegister.load()
    for row in rows():
        assert register.by_code(row["code"]) is None
        assert row["code"] not in row["successors"]
        present = register.successors(row["code"])
        assert len(present) == 1, row
        assert present[0].code[:2] == row["code"][:2]


def test_the_former_wards_of_hamamatsu() -> None:
    former = {row["code"]: row["successors"] for row in rows() if row["event"] == "ward"}
    assert former == {
        "22131": "22138",
        "22132": "22138",
        "22133": "22138",
        "22134": "22138",
        "22135": "22138;22139",
        "22136": "22139",
        "22137": "22140",
    }
