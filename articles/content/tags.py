"""How the tags of any HTML are taken: which stand for others, which end a block, which are dropped whole."""

from articles.content.table import PARTS

ALIASES = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
DROPPED = frozenset({"script", "style", "template", "title", "iframe", "noscript", "noembed", "noframes"})
BREAKING = PARTS | {
    "p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "pre", "dl", "dt", "dd",
    "figure", "figcaption", "address", "center", "form", "fieldset", "hr", "details", "summary", "body",
    "html", "option", "textarea", "button",
}  # fmt: skip
