"""Turns marked texts into the JSONL of this folder: ``python corpus/extraction/annotate.py FILE… --out DIR``.

A marked file holds documents one after another::

    ### ja-99 dev about=20205
    {r:20205|飯田市}では{i|空き家の増加}が課題だ。{g:ごみの量;30;%;2030|2030年度までにごみの量を3割減らす}。
    ---
    facesIssue | 飯田市 | 空き家の増加

Marks: ``r`` region (``:code`` where the name alone is not enough), ``i`` issue, ``t`` technology, ``o`` organisation,
``g`` goal (indicator;value;unit;year). Marks may be nested. Below ``---`` stand the relations. Raises ValueError with
the document's id for a mark that is wrong: an unknown or ambiguous region, a relation whose words the text lacks.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from ingest.normalise.amounts import parse_number
from ingest.regions.register import RegionRegister

KINDS = {"r": "region", "i": "issue", "t": "technology", "o": "organisation", "g": "goal"}
PREDICATES = {"facesIssue", "offersTechnology", "addressesIssue", "deployedIn", "partnerOf", "rejected"}
_HEAD = re.compile(r"^### (?P<id>\S+) (?P<split>dev|test)(?: about=(?P<about>\S+))?$", re.MULTILINE)
_MARK = re.compile(r"\{(?P<kind>[ritog])(?::(?P<detail>[^|{}]*))?\||(?P<close>\})")


def documents(marked: str) -> list[dict[str, Any]]:
    """The documents of a marked file, in order."""
    heads = list(_HEAD.finditer(marked))
    ends = [head.start() for head in heads[1:]] + [len(marked)]
    return [_document(head, marked[head.end() : end]) for head, end in zip(heads, ends, strict=True)]


def _document(head: re.Match[str], body: str) -> dict[str, Any]:
    marked, _, relations = body.strip("\n").partition("\n---\n")
    text, marks = _strip(marked + "\n")
    mentions = [_mention(text, *mark) for mark in marks if mark[0] != "g"]
    return {
        "id": head["id"],
        "split": head["split"],
        "about": head["about"].split(",") if head["about"] else [],
        "text": text,
        "mentions": sorted(mentions, key=lambda m: (m["start"], m["end"])),
        "goals": [_goal(text, *mark) for mark in marks if mark[0] == "g"],
        "relations": [_relation(head["id"], text, line) for line in relations.splitlines() if line.strip()],
    }


def _strip(marked: str) -> tuple[str, list[tuple[str, str, int, int]]]:
    """The text without its marks, and the marks as (kind, detail, start, end)."""
    text, last = "", 0
    stack: list[tuple[str, str, int]] = []
    marks: list[tuple[str, str, int, int]] = []
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        last = match.end()
        if match["close"]:
            kind, detail, start = stack.pop()
            marks.append((kind, detail, start, len(text)))
        else:
            stack.append((match["kind"], match["detail"] or "", len(text)))
    return text + marked[last:], marks


def _mention(text: str, kind: str, detail: str, start: int, end: int) -> dict[str, Any]:
    mention: dict[str, Any] = {"kind": KINDS[kind], "start": start, "end": end, "text": text[start:end]}
    return mention | ({"code": detail or _code(text[start:end])} if kind == "r" else {})


def _code(name: str) -> str:
    found = RegionRegister.load().find(name)
    if len(found) != 1:
        raise ValueError(f"region {name!r} has {len(found)} readings; give its code")
    return found[0].code


def _goal(text: str, _: str, detail: str, start: int, end: int) -> dict[str, Any]:
    indicator, value, unit, year = detail.split(";")
    number, extra = parse_number(value.rpartition("->")[2].strip())
    return {
        "text": text[start:end],
        "start": start,
        "end": end,
        "indicator": indicator,
        "value": float(number),
        "unit": extra or unit,
        "target_year": int(year),
    }


def _relation(id_: str, text: str, line: str) -> dict[str, str]:
    predicate, subject, object_ = (part.strip() for part in line.split("|"))
    if predicate not in PREDICATES or subject not in text or object_ not in text:
        raise ValueError(f"{id_}: {line}")
    return {"subject": subject, "predicate": predicate, "object": object_}


def main() -> None:
    """Write dev.jsonl and test.jsonl."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    options = parser.parse_args()
    found = [document for file in options.files for document in documents(file.read_text(encoding="utf-8"))]
    for split in ("dev", "test"):
        lines = [json.dumps(d, ensure_ascii=False) for d in found if d["split"] == split]
        (options.out / f"{split}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
