"""Comparing two versions of an article, statement by statement and word by word."""

import random
import time
from typing import Any

from articles.content.compare import compare
from articles.content.document import Declarations, Document

STATEMENTS = 300
WORDS = [
    "tumor",
    "grade",
    "site",
    "receptor",
    "analog",
    "surgery",
    "imaging",
    "trial",
    "marker",
    "dose",
    "care",
]
RUNS = 5


def main() -> dict[str, Any]:
    """Compare a text of 300 statements with one where a tenth was changed, added, removed or moved."""
    chance = random.Random(7)
    statements = [_sentence(chance) for _ in range(STATEMENTS)]
    changed = list(statements)
    for _ in range(STATEMENTS // 40):
        changed[chance.randrange(len(changed))] += " " + _sentence(chance)
        changed.insert(chance.randrange(len(changed)), _sentence(chance))
        changed.pop(chance.randrange(len(changed)))
        changed.append(changed.pop(chance.randrange(len(changed))))
    seconds = min(_timed(statements, changed) for _ in range(RUNS))
    alike = min(_timed(statements, statements) for _ in range(RUNS))
    return {
        "statements": STATEMENTS,
        "runs": RUNS,
        "milliseconds_to_compare": seconds * 1000,
        "milliseconds_when_nothing_changed": alike * 1000,
    }


def _timed(old: list[str], new: list[str]) -> float:
    first, second = _document(old), _document(new)
    started = time.perf_counter()
    compare(first, second)
    return time.perf_counter() - started


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(8, 30))).capitalize() + "."


def _document(statements: list[str]) -> Document:
    body = "<h2>From the Research</h2>" + "".join(f"<p>{statement}</p>" for statement in statements)
    return Document(
        question="What is measured?",
        summary="A comparison.",
        body=body,
        plain_body="",
        references=(),
        declarations=Declarations(competing_interests="None.", ai_use="None.", evidence_searched_to=None),
    )
