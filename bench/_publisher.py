"""Approve and retire one article again and again, and say when each commit was done.

`python -m bench._publisher prepare` makes the article and prints its address. With a number of seconds in
place of that word it prints one JSON object per publication: its number, and this machine's clock (seconds)
before the step began and after it came back. Then readers see "marker NUMBER.", in the article or in the
notice that it is gone.
"""

import json
import sys
import time
from typing import Any

import django

RETIRE_EACH = 5


def main(argument: str) -> None:
    django.setup()
    if argument == "prepare":
        print(_prepare())
    else:
        _publish_for(float(argument))


def _prepare() -> str:
    from articles.models import Address
    from articles.states import Role
    from tests import makers, people

    author = people.person("ada", "Ada Okafor", Role.AUTHOR)
    people.person("edith", "Edith Hale", Role.EDITOR)
    reviewer = people.member("ravi", "Ravi Menon", "MD, PhD")
    body = "".join(
        f"<h3>Part {part}</h3>"
        + "".join(
            f"<p>Statement {part}.{number}: {_words(part * 8 + number)}.{makers.CITED}</p>"
            for number in range(8)
        )
        for part in range(12)
    )
    fields = {"body": f"<h2>From the Research</h2>{body}", "summary": "Here is marker 0."}
    article = makers.article(author, "approved", reviewer=reviewer, **fields)
    return f"/articles/{Address.objects.get(article=article).slug}/"


def _words(seed: int) -> str:
    words = (
        "tumor",
        "grade",
        "site",
        "receptor",
        "analog",
        "surgery",
        "imaging",
        "trial",
        "dose",
        "care",
        "cohort",
    )
    return " ".join(words[(seed * step + step) % len(words)] for step in range(3, 40))


def _publish_for(seconds: float) -> None:
    from articles import workflow
    from articles.models import Article, User
    from tests import makers

    author, reviewer, editor = (User.objects.get(username=name) for name in ("ada", "ravi", "edith"))
    article = Article.objects.select_related("author").get()
    kept = {"body": article.body, "question": article.question}
    number = 0
    end = time.monotonic() + seconds

    def publish(step: Any, **arguments: Any) -> None:
        began = time.monotonic()
        step(article.pk, **arguments)
        print(json.dumps({"number": number, "began": began, "done": time.monotonic()}), flush=True)

    # What it leaves behind is an article to be read.
    while time.monotonic() < end or article.state == "retired":
        number += 1
        workflow.revise(article.pk, version=article.version, actor=author)
        summary = f"Here is marker {number}."
        article = makers.edit(makers.fresh(article), f"Words {number}.", **kept, summary=summary)
        article = makers.bring(article, "under_review", reviewer=reviewer)
        publish(lambda _, waiting=article: makers.approve(waiting, reviewer))
        if number % RETIRE_EACH == 0:
            number += 1
            publish(workflow.retire, actor=editor, notice=f"Gone with marker {number}.")
        article = makers.fresh(article)


if __name__ == "__main__":
    main(sys.argv[1])
