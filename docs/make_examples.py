"""Writes docs/examples.md: five worked examples, one a user, with the answers as they really come out.

Run: python -m docs.make_examples --data FOLDER   (a folder that `meguri init` and `meguri ingest corpus` made)
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parent / "examples.md"
# a search loads the models first; the gaps of a corpus that nobody has asked for yet take a minute
TIMEOUT = 900


@dataclass(frozen=True)
class Step:
    """A command, how many lines of its answer are shown, and what to see in them."""

    command: str
    lines: int
    en: str
    ja: str


@dataclass(frozen=True)
class Example:
    """What one user does."""

    en: str
    ja: str
    steps: tuple[Step, ...]


_ISLAND = Step(
    'meguri search "人口3,000人の島で家庭の天ぷら油を燃料にしたい" --limit 2',
    20,
    "The words give a size and a trait, and are searched without them. The first answer is about the right thing and "
    "too large for the island, and says so with both figures; the second one has no such limit.",
    "人口と離島を文から読み取り、残りの言葉で探します。一つ目は内容が合いますが島には規模が大きすぎることを、"
    "必要な人口と入力の人口を並べて示します。",
)
_NOTHING = Step(
    'meguri search "外来のトカゲを、在来の生きものを傷つけずに減らしたい" --limit 1',
    12,
    "Nobody offers this. The nearest one is shown as what it is, with ways to say it better.",
    "合うものがないときは、そう述べて、近いものと言い直し方を示します。",
)
_OFFER = Step(
    'meguri search "家畜のふん尿をバイオガスにする設備を作っています。北海道の町と組みたい" --find issue --limit 2',
    18,
    "The place that is read filters the issues; `--ignore 北海道` takes it back. How likely an answer helps is told.",
    "読み取った地域で課題を絞ります（`--ignore 北海道` で外せます）。役立つ見込みを示します。",
)
_EXCHANGE = Step(
    "meguri exchange --record resource-R023 --limit 2",
    6,
    "Who has a resource that somebody else needs, with amounts and distance.",
    "余っている資源と必要とする側を、量と距離とともに示します。",
)
_SPARQL = Step(
    "meguri sparql corpus/questions/02-schemes-for-a-village.rq",
    8,
    "The same graph by SPARQL; [cookbook.md](cookbook.md) has the queries.",
    "同じグラフを SPARQL で調べます。",
)
_GAPS = Step(
    "meguri gaps --lang en",
    14,
    "Issues that nothing answers well, and technologies that no issue calls for; `--csv` gives a table.",
    "よく合う技術のない課題と、求める課題のない技術です。`--csv` で表になります。",
)
_MATCH = Step(
    "meguri match issue-I016 --limit 2 --lang en",
    14,
    "What fits one registered issue, with its conditions, and similar municipalities where it runs already.",
    "登録された課題に合う技術を、条件と、導入済みの似た地域とともに示します。",
)
_DOCTOR = Step(
    "meguri doctor",
    6,
    "Whether model, graph, ontology and index agree.",
    "モデル・グラフ・オントロジー・索引が一致しているかを確かめます。",
)
_EXAMPLES = (
    Example("A municipal officer has a problem", "自治体の職員が困りごとを探す", (_ISLAND, _NOTHING)),
    Example("A company looks for regions", "企業が地域を探す", (_OFFER, _EXCHANGE)),
    Example("A researcher asks the graph", "研究者がグラフに尋ねる", (_SPARQL,)),
    Example("The secretariat looks from above", "事務局が全体を見る", (_GAPS, _MATCH)),
    Example("An operator checks the folder", "運用者がフォルダを確かめる", (_DOCTOR,)),
)
_INTRODUCTION = """\
# Worked examples

<!-- Made by `python -m docs.make_examples --data FOLDER`; edit that, not this page. -->

One example for each of Meguri's users, on the corpus of this repository (`meguri init`, `meguri ingest corpus`).
The answers are as they came out, cut where "…" stands; probabilities move a little with the corpus and the models.
The same answers stand on the pages and in the API (`understood`, `evidence.conditions`).
Records marked ［見本］ or [sample] are made up.

利用者ごとの例です。答えは実際の出力で、「…」から先は省きました。［見本］の登録は架空のものです。
"""


def page(data: Path) -> str:
    """The whole page, from answers of a data folder."""
    parts = [_INTRODUCTION]
    for number, example in enumerate(_EXAMPLES, start=1):
        parts.append(f"## {number}. {example.en} / {example.ja}\n")
        for step in example.steps:
            parts.append(f"{wrapped(step.en)}\n\n{step.ja}\n\n```text\n$ {step.command}\n{answer(step, data)}\n```\n")
    return "\n".join(parts)


def wrapped(text: str) -> str:
    """English prose in lines as long as elsewhere in docs/."""
    return "\n".join(textwrap.wrap(text, 128))


def answer(step: Step, data: Path) -> str:
    """The first lines of what a command prints on stdout."""
    program, *arguments = shlex.split(step.command)
    beside = Path(sys.executable).parent / program
    asked = [str(beside), *arguments, "--data", str(data)]
    done = subprocess.run(  # noqa: S603  (the commands above)
        asked, capture_output=True, text=True, check=False, timeout=TIMEOUT
    )
    if done.returncode:
        raise SystemExit(f"{step.command}\n{done.stderr}")
    lines = [line.rstrip() for line in done.stdout.replace(str(data), "data").splitlines()]
    return "\n".join([*lines[: step.lines], *(["…"] if len(lines) > step.lines else [])])


def shown(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a page with the lines of its answer."""
    for block in re.findall(r"^```text\n\$ (.*?)^```$", text, re.MULTILINE | re.DOTALL):
        command, _, lines = block.partition("\n")
        yield command, lines.rstrip("\n").split("\n")


def commands() -> list[str]:
    """The commands that the page has to show."""
    return [step.command for example in _EXAMPLES for step in example.steps]


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    EXAMPLES.write_text(page(parser.parse_args().data), encoding="utf-8")


if __name__ == "__main__":
    main()
