"""Writes the expected answers of the competency questions and the cookbook anew, after the corpus has changed.

    python -m tests.corpus.refresh_questions            # all
    python -m tests.corpus.refresh_questions 02 46      # these only

It freezes whatever the queries say: read the difference (``git diff corpus/questions``) against the files of the
corpus before you commit it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from docs.make_cookbook import COOKBOOK, cookbook
from tests.corpus.questions import EXPECTED, answer, answer_text, corpus_store, load_questions


def main(numbers: Sequence[str]) -> None:
    """Answer the questions of these numbers (none: all) and write what has changed."""
    EXPECTED.mkdir(exist_ok=True)
    questions, store = load_questions(), corpus_store()
    for question in questions:
        if numbers and question.number not in numbers:
            continue
        text = answer_text(answer(store, question))
        if not question.expected.exists() or question.expected.read_text(encoding="utf-8") != text:
            question.expected.write_text(text, encoding="utf-8")
            print(question.expected.name)
    for path in set(EXPECTED.glob("*.srj")) - {question.expected for question in questions}:
        path.unlink()
    COOKBOOK.write_text(cookbook(questions), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
