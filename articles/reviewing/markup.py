"""The rows of the statements view as HTML: three hundred on a page took a template half of its time.

What people wrote is escaped by format_html; the HTML of a row's text was escaped when it was made.
"""

from collections.abc import Iterable, Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.reviewing.rows import Mark, Row, Talk
from articles.states import Support

_STATEMENT = """<div class="{classes}" id="{anchor}" tabindex="-1">
<div class="st-text">{text}</div>
<div class="st-side">{word}{marks}{acts}
<a class="look st-look" href="{look}{anchor}#beside">{evidence}</a></div>
{talk}</div>
"""
_OTHERS = {
    "part": '<h2 class="st-part" id="{anchor}">{text}</h2>\n',
    "h2": '<h2 class="st-h2" id="{anchor}">{text}</h2>\n',
    "h3": '<h3 class="st-h3" id="{anchor}">{text}</h3>\n',
    "head": '<div class="st st-again st-tr"><div class="st-text">{text}</div></div>\n',
    "again": '<div class="st st-again st-{tag}"><div class="st-text">{text}</div>'
    '<p class="st-foot">Stands above in the same words</p></div>\n',
    "removed": '<div class="st st-removed"><div class="st-text">{text}</div>'
    '<p class="st-foot"><span class="tag tag-stop">Removed</span></p></div>\n',
}
# Of a statement that was removed there is no row of this kind.
_WORDS = {
    "": "",
    "formatting": '<span class="tag">Formatting only</span>',
    "source": '<span class="tag tag-info">Its source changed</span>',
    "added": '<span class="tag tag-ok">Added</span>',
    "changed": '<span class="tag tag-info">Changed</span>',
    "moved": '<span class="tag">Moved</span>',
}
_MARK = '<p class="st-mark t-{}">{}{}</p>'
_BUTTONS = {
    Support.SUPPORTED: "Supported",
    Support.UNCLEAR: "Unclear",
    Support.NOT_SUPPORTED: "Not supported",
}
_TALK = (
    '<a class="{classes}" href="{look}{anchor}#thread-{key}" data-thread="{key}">'
    "{must_fix}{earlier}<b>{who}</b> {words}{answered}</a>"
)
_MUST_FIX, _ANSWERED = mark_safe("<b>Must fix</b> "), mark_safe(" <i>answered</i>")
_EARLIER = "About earlier words: "


def _acts(own: str) -> str:
    """The buttons, of which the one that this member has pressed shows it. One form serves all rows."""
    pressed = {own: ' aria-pressed="true"'}
    buttons = (
        f'<button form="verdicts" name="mark" value="{support} {{anchor}}"{pressed.get(support, "")}>'
        f"{words}</button>"
        for support, words in _BUTTONS.items()
    )
    return f'<div class="st-acts" role="group" aria-label="Your verdict">{"".join(buttons)}</div>'


_ACTS = {own: _acts(own) for own in ("", *_BUTTONS)}


def line(row: Row, *, look: SafeString, reviews: bool, is_current: bool) -> SafeString:
    """One row. look: the address that opens a statement beside, up to its anchor, escaped for HTML.

    reviews: whether verdicts are open to the person; is_current: whether the statement stands beside.
    """
    text = mark_safe(row.html)  # noqa: S308 - made from the document, and escaped there
    if row.kind != "st":
        return format_html(_OTHERS[row.kind], anchor=row.anchor, tag=row.tag, text=text)
    states = {
        f"st-{row.tag}": True,
        f"st-{row.tone}": row.tone,
        "st-asks": row.asks,
        "st-changed": row.change,
        "st-current": is_current,
    }
    return format_html(
        _STATEMENT,
        classes=_classes("st", states),
        anchor=row.anchor,
        text=text,
        word=mark_safe(_WORDS[row.change]),  # noqa: S308 - one of ours
        marks=_all(_mark(mark) for mark in row.marks),
        acts=format_html(_ACTS[row.own], anchor=row.anchor) if reviews else "",
        look=look,
        evidence=f"Evidence · {row.resolved} resolved" if row.resolved else "Evidence",
        talk=_talks(row, look),
    )


def _mark(mark: Mark) -> SafeString:
    return format_html(_MARK, mark.tone, mark.words, format_html("<q>{}</q>", mark.note) if mark.note else "")


def _talks(row: Row, look: SafeString) -> SafeString | str:
    """The open threads of a statement in a line each, those about its earlier words last."""
    here = [_talk(talk, row, look) for talk in row.talks]
    earlier = [_talk(talk, row, look, _EARLIER) for talk in row.outdated]
    return format_html('<div class="st-talk">{}</div>\n', _all(here + earlier)) if here or earlier else ""


def _talk(talk: Talk, row: Row, look: SafeString, earlier: str = "") -> SafeString:
    return format_html(
        _TALK,
        classes=_classes("look st-thread", {"st-outdated": earlier, "st-must": talk.must_fix}),
        look=look,
        anchor=row.anchor,
        key=talk.pk,
        must_fix=_MUST_FIX if talk.must_fix else "",
        earlier=earlier,
        who=talk.who,
        words=talk.words,
        answered=_ANSWERED if talk.is_answered else "",
    )


def _classes(always: str, when: Mapping[str, object]) -> str:
    return " ".join([always, *(name for name, is_so in when.items() if is_so)])


def _all(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - each is safe
