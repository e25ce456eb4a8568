"""Rows are counted exactly, whatever the values hold and wherever the chunks end."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sparql.row_counts import RowCount

VALUES = ['"a"', '"}},{"', '"x\\\\"', '"q\\"}}"', '"l\\nm,\\"\\n"', "<http://e/x>", "UNDEF", '"</result>\\n"', '""']


@pytest.mark.parametrize("format_", ["json", "xml", "csv", "tsv"])
@given(rows=st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES))), cuts=st.lists(st.integers(1, 9)))
def test_rows(format_: str, rows: list[tuple[str, str]], cuts: list[int]) -> None:
    values = " ".join(f"({a} {b})" for a, b in rows)
    answer = pyoxigraph.Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")
    data = answer.serialize(format=getattr(pyoxigraph.QueryResultsFormat, format_.upper()))
    count = RowCount(format_)
    for cut in [*cuts, len(data)]:
        count.add(data[:cut])
        data = data[cut:]
    assert count.rows == len(rows)
