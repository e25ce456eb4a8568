"""``meguri validate`` on an ontology: counts where it is sound, the place where it is not."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from search_api.cli import app
from tests.ontology.sound import write_ontology


def validate(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["validate", *map(str, arguments)])
    return result.exit_code, result.stdout


def test_a_sound_ontology_passes_with_counts(tmp_path: Path) -> None:
    root = write_ontology(tmp_path / "ontology")
    code, out = validate(root, "--json")
    body = json.loads(out)
    assert code == 0
    assert (body["kind"], body["files"], body["reasoner"]) == ("ontology", 5, "owlrl")
    assert body["counts"]["concepts"] == {"resource": 3, "theme": 3} and body["counts"]["top"] == {
        "resource": 1,
        "theme": 1,
    }
    assert body["counts"]["terms"]["Class"] == 5 and body["counts"]["regions"]["Country"] == 1
    assert body["counts"]["shapes"] == {"NodeShape": 1, "PropertyShape": 1}
    assert body["findings"] == [] and body["summary"] == {"errors": 0, "warnings": 0}


def test_broken_scheme_shape_and_register_are_named_with_file_line_and_term(tmp_path: Path) -> None:
    root = write_ontology(tmp_path / "ontology")
    edits = {
        "schemes/themes.ttl": ("skos:broader theme:top", "skos:broader theme:oil"),
        "regions.ttl": ('ces:jisCode "34208" ; ces:within region:JP', 'ces:jisCode "34208"'),
        "shapes/issue.ttl": ("sh:targetClass ces:Issue", "sh:targetClass ces:Isue"),
    }
    for name, (old, new) in edits.items():
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    code, out = validate(root)
    assert code == 1
    lines = out.splitlines()
    for place in (
        "schemes/themes.ttl:10 theme/oil [cycle]",
        "regions.ttl:7 region/34208 [regionOutside]",
        "shapes/issue.ttl:5 IssueShape [shapeTerm]",
    ):
        assert any(place in line for line in lines), (place, out)
    assert "輪を断ってください" in out and "3 errors, 0 warnings" in out
    assert "not asked" in out  # a reasoner has nothing to say of broken files


def test_an_ill_formed_shape_is_found(tmp_path: Path) -> None:
    root = write_ontology(tmp_path / "ontology")
    path = root / "shapes" / "issue.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("sh:minCount 1", 'sh:minCount "many"'), encoding="utf-8")
    code, out = validate(root)
    assert code == 1 and "IssueShape-label [shapeMalformed]" in out


def test_an_ontology_and_records_are_checked_in_one_go(tmp_path: Path) -> None:
    root = write_ontology(tmp_path / "ontology")
    code, out = validate(root, Path("corpus/events"))
    assert code == 0 and "12 valid" in out and "concepts / 概念: 6 in 2 schemes" in out
