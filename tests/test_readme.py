"""The README says what the program does: its commands exist, and its examples come out as printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

MEGURI = Path(sys.executable).with_name("meguri")
LIKELY = re.compile(r"   (役立つ見込み|likely useful): ")
FUEL_FROM_COOKING_OIL = """PREFIX ces: <https://w3id.org/meguri/ces#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
ASK { <RECORD> ces:technologyKind ?kind ; ces:usesResource <https://w3id.org/meguri/concept/resource/wasteCookingOil> .
  ?kind ces:usesResource <https://w3id.org/meguri/concept/resource/wasteCookingOil> ;
    skos:broader <https://w3id.org/meguri/concept/technology/bioenergyTech> }"""
READMES = [Path("README.md"), Path("README.ja.md")]


def meguri(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [str(MEGURI), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "MEGURI_DATA": str(data)}
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "data"
    for arguments in (["init"], ["ingest", "corpus/partners", "corpus/technologies"]):
        done = meguri(*arguments, data=folder)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def examples(readme: Path) -> list[tuple[list[str], list[str]]]:
    """Each ``$ meguri …`` of the README with the lines that it prints; probabilities depend on the whole index."""
    blocks = re.findall(r"```console\n\$ meguri (.*)\n((?:.*\n)*?)```", readme.read_text(encoding="utf-8"))
    split = [(re.findall(r'"[^"]*"|\S+', command), output.splitlines()) for command, output in blocks]
    return [
        ([a.strip('"') for a in arguments], [o for o in lines if not LIKELY.match(o)]) for arguments, lines in split
    ]


@pytest.mark.model
@pytest.mark.parametrize("readme", READMES, ids=str)
def test_the_examples_come_out_as_printed(readme: Path, data: Path) -> None:
    found = examples(readme)
    assert found
    for arguments, lines in found:
        done = meguri(*arguments, data=data)
        assert done.returncode == 0, done.stderr
        assert [line for line in lines if line not in done.stdout.splitlines()] == []


@pytest.mark.model
def test_a_search_puts_cooking_oil_fuel_first_in_both_languages(data: Path) -> None:
    """By what the graph says of its kind: it is bioenergy from waste cooking oil, however its title says it."""
    for query in ("天ぷら油を捨てずに使いたい", "our town wants to reuse cooking oil"):
        first = json.loads(meguri("search", query, "--json", data=data).stdout)["results"][0]
        assert re.search(r"天ぷら油|cooking oil", first["title"]), first["title"]
        done = meguri("sparql", FUEL_FROM_COOKING_OIL.replace("RECORD", first["iri"]), "--format", "json", data=data)
        assert json.loads(done.stdout)["boolean"], (first["title"], done.stderr)


@pytest.mark.parametrize("readme", READMES, ids=str)
def test_every_command_is_documented_and_every_documented_one_exists(readme: Path, tmp_path: Path) -> None:
    listing = meguri("--help", data=tmp_path).stdout.partition("Commands:")[2]
    commands = set(re.findall(r"^  (\w+)", listing, re.MULTILINE))
    table = "\n".join(line for line in readme.read_text(encoding="utf-8").splitlines() if line.startswith("| `meguri"))
    named = set(re.findall(r"`(?:meguri )?(\w+)[^`]*`", table.replace("`--", "--"))) - {"TEXT"}
    assert commands <= named
    assert set(re.findall(r"`meguri (\w+)", table)) <= commands


@pytest.mark.parametrize("readme", [*READMES, *sorted(Path("docs").rglob("*.md"))], ids=str)
def test_links_lead_somewhere(readme: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", readme.read_text(encoding="utf-8"))
    local = [t for t in targets if not t.startswith(("http://", "https://", "mailto:"))]
    assert [t for t in local if not (readme.parent / t).exists()] == []


def test_help_has_an_example_for_each_command_and_is_quick(tmp_path: Path) -> None:
    listing = meguri("--help", data=tmp_path).stdout.partition("Commands:")[2]
    for command in re.findall(r"^  (\w+)", listing, re.MULTILINE):
        assert "Example: meguri" in meguri(command, "--help", data=tmp_path).stdout
