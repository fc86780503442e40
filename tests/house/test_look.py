"""The visual language keeps its promises: contrast in both schemes, colours in one place, no style inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
STYLES = ROOT / "articles" / "static" / "articles" / "css"
TEMPLATES = ROOT / "templates"
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (STYLES / "tokens.css").read_text(encoding="utf-8")
    )
}
A_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|:\s*(?:white|black)\b")
INLINE = re.compile(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)")
GROUNDS = ("paper", "raised", "sunk")
WASHES = ("accent-wash", "ok-wash", "wait-wash", "stop-wash")
TEXT_ON = [
    *((ink, ground) for ink in ("ink", "ink-soft", "accent") for ground in (*GROUNDS, *WASHES)),
    *((signal, ground) for signal in ("ok", "wait", "stop", "accent-deep") for ground in GROUNDS),
    *((signal, f"{signal}-wash") for signal in ("ok", "wait", "stop")),
    *(("on-signal", signal) for signal in ("ok", "wait", "stop")),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("accent-deep", "accent-wash"),
    ("paper", "ink"),
]


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_every_ground_it_is_set_on(scheme):
    weak = {
        pair: round(contrast(*(TOKENS[name][scheme] for name in pair)), 2)
        for pair in TEXT_ON
        if contrast(*(TOKENS[name][scheme] for name in pair)) < 4.5
    }
    assert not weak


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edges_of_controls_can_be_seen(scheme, ground):
    assert contrast(TOKENS["edge"][scheme], TOKENS[ground][scheme]) >= 3


def test_colours_are_written_in_the_tokens_only():
    others = [path for path in STYLES.glob("*.css") if path.name not in {"tokens.css", "print.css"}]
    assert others
    for path in others:
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not A_COLOUR.search(css), path.name


def test_every_token_that_is_used_is_defined():
    sheets = [path.read_text(encoding="utf-8") for path in STYLES.glob("*.css")]
    used = {name for css in sheets for name in re.findall(r"var\((--[\w-]+)", css)}
    defined = {name for css in sheets for name in re.findall(r"(--[\w-]+):", css)}
    assert not used - defined


def test_no_template_but_mail_carries_styles_or_scripts_of_its_own():
    for path in TEMPLATES.rglob("*.html"):
        if "mail" in path.relative_to(TEMPLATES).parts[:1]:
            continue
        assert not INLINE.search(path.read_text(encoding="utf-8")), path


def test_every_template_of_the_house_compiles():
    for path in TEMPLATES.rglob("*.html"):
        get_template(str(path.relative_to(TEMPLATES)))
