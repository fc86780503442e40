"""Texts for the tests of the content package: records, documents, strategies and the shared data."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from articles.content.document import Declarations, Document

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

PAVEL = {
    "id": "pavel2020",
    "type": "article-journal",
    "title": "Gastroenteropancreatic neuroendocrine neoplasms",
    "author": [{"family": "Pavel", "given": "M."}, {"family": "Öberg", "given": "Kjell"}],
    "container-title": "Annals of Oncology",
    "issued": {"date-parts": [[2020]]},
    "volume": "31",
    "issue": "7",
    "page": "844-860",
    "DOI": "10.1016/j.annonc.2020.03.304",
}
CAPLIN = {
    "id": "caplin2014",
    "type": "article-journal",
    "title": "Lanreotide in metastatic enteropancreatic neuroendocrine tumors",
    "author": [{"family": "Caplin", "given": "Martyn E."}],
    "container-title": "New England Journal of Medicine",
    "issued": {"date-parts": [[2014, 7, 17]]},
    "PMID": "25014687",
}
SHAH = {
    "id": "shah:2021.v2",
    "type": "book",
    "title": "Neuroendocrine and Adrenal Tumors",
    "author": [{"family": "Shah", "given": "Manisha H."}],
    "publisher": "Green Press",
    "issued": {"date-parts": [[2021]]},
}
RECORDS = (PAVEL, CAPLIN, SHAH)
KEYS = [record["id"] for record in RECORDS]

BODY = (
    "<p>Care is planned by a team.</p>"
    "<h2>From the Guidelines</h2><h3>Key Considerations</h3>"
    '<ul><li>Analogs slow growth.<cite data-ref="pavel2020"></cite>'
    '<ul><li>They control hormones.<cite data-ref="caplin2014 pavel2020"></cite></li></ul></li></ul>'
    '<h2>From the Research</h2><p>A count of 10<sup>9</sup> cells.<cite data-ref="shah:2021.v2"></cite></p>'
    "<table><caption>Doses</caption><thead><tr><th>Drug</th><th>Dose</th></tr></thead>"
    '<tbody><tr><th>Lanreotide</th><td>120 mg<cite data-ref="caplin2014"></cite></td></tr></tbody></table>'
    "<blockquote><p>Grade, then stage.</p></blockquote>"
)


def make_document(**fields: Any) -> Document:
    """A document with nothing wrong in it, with some fields other than usual."""
    usual: dict[str, Any] = {
        "question": "What is the treatment for a neuroendocrine tumor?",
        "summary": "Care is planned by a team, for one person at a time.",
        "body": BODY,
        "plain_body": "<p>Your team plans your care with you.</p>",
        "references": RECORDS,
        "declarations": Declarations("None declared.", "None.", date(2025, 1, 31)),
    }
    return Document(**{**usual, **fields})


def shared(name: str) -> str:
    """A file of the shared data, or a skip that says where it was looked for."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not there: this test reads ../shared/data next to the checkout")
    return path.read_text(encoding="utf-8")


def shared_records() -> list[dict[str, Any]]:
    """The shared references that have a title."""
    return [record for record in json.loads(shared("net_references.csl.json")) if record["title"]]


# Words as people type them: letters of many scripts, signs that HTML or our own marks use.
LETTERS = "abcdeé \n\t\u00a0.,:;()[]{}^_|&<>=\"'“”/0129-\u0301\u0338αß漢\u2028"
words = st.text(st.sampled_from(LETTERS), min_size=1, max_size=12)
anything = st.text(st.sampled_from(LETTERS + "\x00\x02\x03\x1f\u200b\u202e\ud800\ufeff\uffff"), max_size=40)
cites = st.lists(st.sampled_from([*KEYS, "unknown", "x" * 64]), min_size=1, max_size=3).map(
    lambda keys: f'<cite data-ref="{" ".join(keys)}"></cite>'
)
plain = words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
marked_up = st.tuples(
    st.sampled_from(
        ["strong", "em", "sub", "sup", 'a href="https://example.org/a?b=1&amp;c=2"', 'a href="#f"']
    ),
    plain,
).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0].split()[0]}>")
phrases = st.lists(st.one_of(plain, plain, cites, marked_up, st.just("<br>")), min_size=1, max_size=6).map(
    "".join
)
IMAGES = [f"{digit * 32}-1200x800" for digit in "0af"]
images = st.tuples(st.sampled_from(IMAGES), plain).map(
    lambda pair: f'<img data-image="{pair[0]}" alt="{pair[1].replace(chr(34), "&quot;")}">'
)
blocks = st.one_of(
    phrases.map("<p>{}</p>".format),
    phrases.map("<p>{}</p>".format),
    phrases.map("<h2>{}</h2>".format),
    phrases.map("<h3>{}</h3>".format),
    st.lists(phrases, min_size=1, max_size=3).map(
        lambda items: f"<ul><li>{'</li><li>'.join(items)}</li></ul>"
    ),
    st.tuples(phrases, phrases).map(lambda p: f"<ol><li>{p[0]}<ul><li>{p[1]}</li></ul></li></ol>"),
    st.lists(phrases, min_size=1, max_size=3).map(
        lambda cells: f"<table><tbody><tr><td>{'</td><td>'.join(cells)}</td></tr></tbody></table>"
    ),
    phrases.map("<blockquote><p>{}</p></blockquote>".format),
    st.tuples(images, phrases).map(lambda pair: f"<figure>{pair[0]}{pair[1]}</figure>"),
    st.tuples(phrases, images, phrases).map("".join).map("<p>{}</p>".format),
)
bodies = st.lists(blocks, max_size=8).map("".join)

# HTML as nobody should write it: tags open and never close, attributes run scripts.
tags = st.sampled_from(
    [
        "p", "div", "h1", "h2", "h4", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th",
        "caption", "blockquote", "b", "strong", "i", "em", "sub", "sup", "a", "cite", "br", "span",
        "script", "style", "svg", "math", "template", "title", "iframe", "textarea", "select",
        "option", "img", "form", "body", "html", "x-y", "noscript", "figure", "figure", "figcaption", "img",
    ]
)  # fmt: skip
attributes = st.sampled_from(
    [
        "", ' onclick="alert(1)"', ' src=x onerror="alert(1)"', ' style="color:red"', ' id="q" class=r',
        ' href="javascript:alert(1)"', ' href="&#106;avascript:alert(1)"', ' href="http://["', " href='#x'",
        ' href="https://example.org/"', ' href="mailto:a@b.c"', " data-ref=caplin2014",
        ' data-ref="pavel2020 pavel2020 -bad"', f' data-image="{IMAGES[0]}" alt="A <scan> & \u0301"',
        f' src="https://example.org/office/figures/{IMAGES[1]}.webp" alt=" \u202e "', ' data-image="x"',
    ]
)  # fmt: skip
scraps = st.one_of(
    st.tuples(tags, attributes).map(lambda pair: f"<{pair[0]}{pair[1]}>"),
    tags.map("</{}>".format),
    words,
    st.sampled_from(
        [
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?php",
            "&#0;",
            "&#x202e;",
            "&lt;script&gt;",
            "&nbsp;",
            "<",
            "\x00",
        ]
    ),
    anything,
)
tag_soup = st.lists(scraps, max_size=30).map("".join)
