"""The rich text field: which marks it knows, and what the browser must load for it."""

from typing import Any

from django_prose_editor.widgets import ProseEditorWidget, importmap, prose_editor_js
from js_asset import ImportMap, Media, Script

# What the sanitiser keeps, and nothing else: a button for what would be thrown away is a broken promise.
# House, Cite, ArticleFigure, Table, TableCaption and Link are ours: articles/js/editor.js.
EXTENSIONS: dict[str, Any] = {
    "House": True,
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    "Subscript": True,
    "Superscript": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "TableCaption": True,
    "Link": {"enableTarget": False, "autolink": False},
    "Cite": True,
    "ArticleFigure": True,
    # Authors of medical texts are better off with the browser's spelling checker.
    "NoSpellCheck": False,
    "Menu": {
        "defaultItems": False,
        "groups": [{"group": name} for name in ("block", "mark", "insert", "table", "history")],
    },
}


_OURS = ("cite", "figure")


def sanitised_elsewhere(config: Any, shared: Any) -> None:
    """What the editor would allow for our extensions. Not asked: articles.content.sanitise decides."""


class RichText(ProseEditorWidget):
    """A textarea with HTML in it, which the editor takes over where scripts run."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs={"rows": 16, "class": "read"} | (attrs or {}),
            config={"extensions": EXTENSIONS},
            preset="configurable",
        )

    @property
    def media(self) -> Media:
        """The import map, the editor, and our own look in place of its icon font."""
        return Media(
            importmap=importmap
            | ImportMap({f"netreview/{name}": f"articles/js/{name}.js" for name in _OURS}),
            css={"all": ["django_prose_editor/editor.css", "articles/css/editor.css"]},
            js=[prose_editor_js, Script("django_prose_editor/configurable.js", type="module")],
        )
