"""Threads as pages show them to one person: what they are about, what was said, what one may do."""

from articles.talk.shown import Shown, Typed, Where
from articles.talk.threads import Talk

__all__ = ["Shown", "Talk", "Typed", "Where"]
