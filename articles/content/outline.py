"""Any HTML, read once from front to back into a flat row of block slots and the structure between them.

The row is what a body is to everything else: joined it is the sanitised HTML, its slots are the statements,
and rendering writes the slots anew. Being flat it needs no recursion, however deep the input nests.

    flow       := (h2 | h3 | p | list | table | blockquote | figure)*
    blockquote := (p | list)*
    list       := (li: words, then nested lists)+
    table      := caption? thead? tbody, rows of td and th that hold words
    figure     := img, words

An image begins a figure, and what follows it up to the figure's end is the caption. A figure in a list or a
quotation divides it, as a table does; in a cell of a table it is words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import escape

from lxml import etree

from articles.content.figures import image_of
from articles.content.phrase import (
    BREAK,
    CITE,
    IMAGE,
    MARK_ORDER,
    Marks,
    Phrase,
    Run,
    cited_keys,
    safe_href,
    settle,
    strip_invisible,
)
from articles.content.piece import Piece, slot
from articles.content.table import PARTS, Table
from articles.content.tags import ALIASES, BREAKING, DROPPED

PORTION = 16_384  # characters
MAX_DEPTH = 256  # elements
MAX_LIST_DEPTH = 8  # deeper items join the deepest list


@dataclass(slots=True)
class _Container:
    """A list or quotation: wanted as soon as it starts, opened when its first words come."""

    tag: str
    has_item: bool = False


def outline(html: str) -> list[Piece]:
    """The row of slots and structure of any HTML. Never raises; linear in the length of `html`."""
    html = strip_invisible(html)
    reader = _Reader()
    # Read as a stream of events: a tree would be cut off at great depth. In portions, because the parser
    # looks for the partner of an end tag through all that is open: what leaves too much open is ended there.
    parser = None
    start = 0
    while start < len(html):
        end = html.find("<", start + PORTION)
        end = len(html) if end < 0 else end
        parser = parser or etree.HTMLParser(target=reader, huge_tree=True)
        parser.feed(html[start:end])
        if end == len(html) or reader.depth > MAX_DEPTH:
            with suppress(etree.XMLSyntaxError):  # nothing but white space and comments
                parser.close()
            parser = None
        start = end
    return reader.finish()


class _Reader:
    """Receives the parser's events and writes the row."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._stack: list[tuple[str, bool]] = []  # (tag, whether it opened a container or a table)
        self._depth: Counter[str] = Counter()
        self._raw: list[Run] = []
        self._marks: Marks | None = ()
        self._hrefs: list[str | None] = []
        self._heading = ""
        self._wanted: list[_Container] = []
        self._opened: list[_Container] = []
        self._table: Table | None = None
        self._dropping = 0
        self._in_cite = False

    # Events of the parser

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = ALIASES.get(tag, tag)
        self._depth[tag] += 1
        self._dropping += tag in DROPPED
        self._stack.append((tag, not self._dropping and self._enter(tag, attributes)))

    def end(self, tag: str) -> None:
        tag = ALIASES.get(tag, tag)
        if not self._depth[tag]:
            return
        found = ""
        while found != tag:
            found, opened = self._stack.pop()
            self._depth[found] -= 1
            if not self._dropping:
                self._leave(found, opened)
            self._dropping -= found in DROPPED

    def data(self, text: str) -> None:
        if self._dropping or self._in_cite:
            return
        text = strip_invisible(text)
        if self._marks is None:
            self._marks = self._current_marks()
        self._raw.append((self._marks, text))

    def comment(self, text: str) -> None:
        """Comments are not words."""

    def close(self) -> None:
        """End what is open."""
        while self._stack:
            self.end(self._stack[-1][0])
        self._flush()

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._stack)

    def finish(self) -> list[Piece]:
        """The row, complete."""
        self._close_down_to(0)
        return self.pieces

    # Elements

    def _enter(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in MARK_ORDER:
            self._marks = None
        elif tag == "a":
            self._hrefs.append(safe_href(attributes.get("href") or ""))
            self._marks = None
        elif tag == "cite":
            if keys := cited_keys(attributes.get("data-ref") or ""):
                self._raw.append((CITE, " ".join(keys)))
                self._in_cite = True
        elif tag == "br":
            self._raw.append((BREAK, ""))
        elif tag == "img":
            self._enter_image(image_of(attributes))
        elif tag == "table" and not self._table:
            self._flush()
            self._table = Table()
            return True
        elif self._table and self._depth["table"] == 1 and tag in PARTS:
            self._table.enter(tag, self._words())
        elif tag in ("ul", "ol", "blockquote"):
            return self._enter_container(tag)
        elif tag in ("li", "h2", "h3"):
            if self._table or (self._wanted and tag != "li"):
                self._break()
            else:
                self._flush()
                self._heading = "" if tag == "li" else tag
        elif tag == "figure" and self._in_figure:
            self._flush()
        elif tag in BREAKING or tag == "table":
            self._break()
        return False

    def _leave(self, tag: str, opened: bool) -> None:
        if tag in MARK_ORDER:
            self._marks = None
        elif tag == "a":
            self._hrefs.pop()
            self._marks = None
        elif tag == "cite":
            self._in_cite = False
        elif opened and self._table:
            self._leave_table(self._table)
        elif self._table and self._depth["table"] == 1 and tag in PARTS:
            self._table.leave(tag, self._words())
        elif opened:
            self._flush()
            self._wanted.pop()
        elif tag in ("li", "h2", "h3") and not self._table:
            if tag == "li" or not self._wanted:
                self._flush()
            else:
                self._break()
            self._heading = ""
        elif tag == "figure" and self._in_figure:
            self._flush()
        elif tag in BREAKING or tag in ("li", "h2", "h3", "ul", "ol", "blockquote", "table"):
            self._break()

    def _enter_container(self, tag: str) -> bool:
        lists = len(self._wanted)
        if self._table or lists > MAX_LIST_DEPTH or (tag == "blockquote" and lists):
            self._break()
            return False
        self._flush()
        self._heading = ""
        self._wanted.append(_Container(tag))
        return True

    def _enter_image(self, image: str) -> None:
        """An image begins its figure, whatever stood before it; without a <figure> around, it ends it too."""
        if not image or self._in_cite:
            return
        if self._table:
            self._raw.append(((), f" {image.partition(' ')[2]} "))
        else:
            self._flush()
            self._raw.append((IMAGE, image))
            if not self._depth["figure"]:
                self._flush()

    @property
    def _in_figure(self) -> bool:
        return bool(self._raw) and self._raw[0][0] == IMAGE

    def _break(self) -> None:
        """A block ends inside an item, a cell or a caption: a new line there, a new block elsewhere."""
        self._in_cite = False
        if self._table or self._in_figure or (self._wanted and self._wanted[-1].tag != "blockquote"):
            self._raw.append((BREAK, ""))
        else:
            self._flush()

    # Writing

    def _flush(self) -> None:
        """Write the words read so far as one block."""
        phrase = self._words() if self._raw else None
        self._in_cite = False
        if phrase is None or not phrase.runs:
            return
        if phrase.runs[0][0] == IMAGE:
            self._close_down_to(0)
            self.pieces.append(slot("figure", phrase))
            return
        self._make_room()
        tag = self._heading or "p"
        if self._wanted:
            top = self._wanted[-1]
            tag = "p"
            if top.tag != "blockquote":
                tag = "li"
                if top.has_item:
                    self.pieces.append("</li>")
                top.has_item = True
        self.pieces.append(slot(tag, phrase))

    def _words(self) -> Phrase:
        """The words read since the last block ended."""
        self._in_cite = False
        phrase = settle(self._raw)
        self._raw = []
        return phrase

    def _make_room(self) -> None:
        """Close the containers that ended and open the one that words now come for.

        A list whose own item holds no words yet is passed over, so that no item is ever empty.
        """
        keep = 0
        while keep < len(self._opened) and any(self._opened[keep] is wanted for wanted in self._wanted):
            keep += 1
        self._close_down_to(keep)
        quote = [c for c in self._wanted[:1] if c.tag == "blockquote"]
        for container in [*quote, *self._wanted[-1:]]:
            if not any(container is opened for opened in self._opened):
                self.pieces.append(f"<{container.tag}>")
                container.has_item = False
                self._opened.append(container)

    def _close_down_to(self, depth: int) -> None:
        while len(self._opened) > depth:
            container = self._opened.pop()
            self.pieces.append(f"</li></{container.tag}>" if container.has_item else f"</{container.tag}>")

    def _current_marks(self) -> Marks:
        href = self._hrefs[-1] if self._hrefs else None
        link = (f'a href="{escape(href)}"',) if href else ()
        return link + tuple(mark for mark in MARK_ORDER if self._depth[mark])

    def _leave_table(self, table: Table) -> None:
        pieces = table.finish(self._words())
        self._table = None
        if pieces:
            self._close_down_to(0)
            self.pieces.extend(pieces)
        elif table.caption:
            self._raw.extend(table.caption.runs)  # the caption of nothing is a paragraph
            self._flush()
