"""The wheel alone is enough: installed outside the checkout it makes a folder, ingests a file and answers a search."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

ROOT = Path(__file__).parent.parent
ROWS = "ID,団体名,技術名称,概要\nW1,株式会社見本,天ぷら油の燃料化,家庭の廃食用油を集めてごみ収集車の燃料にする。\n"
WHERE = "import kg, ingest, ontology, search_api; print(*(m.__file__ for m in (kg, ingest, ontology, search_api)))"


def run(*command: str | Path, cwd: Path) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MEGURI_DATA", "PYTHONPATH"))}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The binaries of an environment that has the wheel, and the libraries of this one, but not the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("meguri-*.whl")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    here = [path for path in sys.path if Path(path).name == "site-packages"] or [sysconfig.get_path("purelib")]
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    # a path that a .pth file names is searched, but its own .pth files, such as that of the checkout, are not read
    (site / "libraries.pth").write_text("\n".join(here) + "\n")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, "install"]
    run(*pip, "--no-deps", "--no-index", "--quiet", wheel, cwd=folder)
    return python.parent


def test_it_is_not_the_checkout_that_runs(installed: Path, tmp_path: Path) -> None:
    for file in run(installed / "python", "-c", WHERE, cwd=tmp_path).split():
        assert Path(file).is_relative_to(installed.parent)


def test_one_ingest_and_one_search(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "technologies.csv").write_text(ROWS, encoding="utf-8")
    meguri = installed / "meguri"
    run(meguri, "init", "--data", "data", cwd=tmp_path)
    run(meguri, "ingest", "technologies.csv", "--data", "data", cwd=tmp_path)
    answer = json.loads(
        run(meguri, "search", "our town wants to reuse cooking oil", "--data", "data", "--json", cwd=tmp_path)
    )
    assert [result["id"] for result in answer["results"]] == ["technology-W1"]
    assert answer["results"][0]["evidence"]["passages"]
