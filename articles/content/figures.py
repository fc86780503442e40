"""Figures: an image that is called by its name, its alternative text, and a caption.

    <figure><img data-image="NAME" alt="ALT">caption words, with citations</figure>

The name of an image is made of its bytes and its size ("…-1200x800"). So a text alone says which image it
means and how much room to keep for it, and an image can never be exchanged under a text that was signed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from html import escape, unescape

from articles.content.phrase import (
    IMAGE_CAPTION,
    IMAGE_END,
    IMAGE_START,
    attribute,
    collapse,
    unique,
    words_of,
)

_NAME = r"[0-9a-f]{32}-[1-9][0-9]{0,3}x[1-9][0-9]{0,3}"
NAME = re.compile(_NAME)
# Where readers find an image. The office shows the same bytes at an address of its own: see `moved`.
PUBLIC = "/figures/"

_ADDRESS = re.compile(rf"(?:[^?#]*/)?figures/({_NAME})\.webp")
_ELEMENT = re.compile(rf'<img data-image="({_NAME})" alt="([^"]*)">')
_MARKED = re.compile(f"{IMAGE_START}({_NAME}){IMAGE_END}")
_PUBLISHED = re.compile(rf'(<(?:img|a class="figure-image") (?:src|href)="){PUBLIC}(?={_NAME}\.webp")')
_SHOWN = re.compile(rf'<img src="{PUBLIC}({_NAME})\.webp"')
_ALT_LABEL = '<span class="figure-label">Alternative text:</span> '
_CAPTION_LABEL = '<br><span class="figure-label">Caption:</span> '


def name_of(data: bytes, width: int, height: int) -> str:
    """The name of an image: 32 hexadecimal digits of the SHA-256 of its bytes, and its size in pixels."""
    return f"{hashlib.sha256(data).hexdigest()[:32]}-{width}x{height}"


def size_of(name: str) -> tuple[int, int]:
    """Width and height in pixels, as the name tells them."""
    width, _, height = name.partition("-")[2].partition("x")
    return int(width), int(height)


def image_of(attributes: Mapping[str, str]) -> str:
    """Name and alternative text of an <img>, as a run holds them; "" when it names none of our images.

    It is named by `data-image`, as texts are kept, or by `src`, as pages show them.
    """
    name = attributes.get("data-image") or ""
    if not NAME.fullmatch(name):
        match = _ADDRESS.fullmatch(attributes.get("src") or "")
        name = match[1] if match else ""
    return f"{name} {collapse(attributes.get('alt') or '')}".strip() if name else ""


def images_of(*texts: str) -> tuple[str, ...]:
    """Names of the images that sanitised texts show, each once, in order of first appearance."""
    return unique(match[1] for text in texts for match in _ELEMENT.finditer(text))


def images_shown(html: str) -> tuple[str, ...]:
    """Names of the images of a rendering, each once, in order of first appearance."""
    return unique(_SHOWN.findall(html))


def image_in(html: str) -> tuple[str, str]:
    """Name and alternative text of the image with which a figure's canonical inner HTML begins."""
    match = _ELEMENT.match(html)
    return (match[1], unescape(match[2])) if match else ("", "")


def markup(name: str, alt: str, caption: str) -> str:
    """A figure as a text keeps it. alt, caption: plain words."""
    return f'<figure><img data-image="{name}" alt="{attribute(alt)}">{escape(caption, quote=False)}</figure>'


def caption_in(html: str) -> str:
    """A figure's canonical inner HTML without its image."""
    return _ELEMENT.sub("", html, count=1)


def caption_words(marked: str) -> str:
    """The plain words of a figure's caption, from its marked text."""
    return words_of(marked.partition(IMAGE_CAPTION)[2])


def without_images(html: str) -> str:
    """Canonical HTML with the images taken out, and their captions left."""
    return _ELEMENT.sub("", html)


def published(html: str, number: int, caption: str) -> str:
    """A figure as readers see it: what stands inside of <figure>. `caption` is HTML with its chips."""
    name, alt = image_in(html)
    width, height = size_of(name)
    image = (
        f'<img src="{PUBLIC}{name}.webp" width="{width}" height="{height}" alt="{attribute(alt)}"'
        ' loading="lazy" decoding="async">'
    )
    words = f'<span class="figure-number">Figure {number}.</span> {caption}'.rstrip()
    # The link shows the image alone, where a small screen leaves it little room.
    return f'<a class="figure-image" href="{PUBLIC}{name}.webp">{image}</a><figcaption>{words}</figcaption>'


def laid_open(html: str) -> str:
    """A figure's inner HTML with its alternative text as words, for those who judge or compare it."""
    name, alt = image_in(html)
    return _image(name) + escape(alt, quote=False) + _CAPTION_LABEL + caption_in(html) if name else html


def laid_open_words(html: str) -> str:
    """The same for escaped words in which an image is marked, as `Phrase.marked` marks it."""
    return _MARKED.sub(lambda match: _image(match[1]), html).replace(IMAGE_CAPTION, _CAPTION_LABEL)


def moved(html: str, base: str) -> str:
    """HTML as made here with its images at another address: `base` in place of "/figures/"."""
    return _PUBLISHED.sub(lambda match: match[1] + base, html)


def _image(name: str) -> str:
    width, height = size_of(name)
    # No alternative text: it stands beside the image, in words.
    image = f'<img src="{PUBLIC}{name}.webp" width="{width}" height="{height}" alt="" loading="lazy">'
    return f'<span class="figure-shown">{image}</span>{_ALT_LABEL}'
