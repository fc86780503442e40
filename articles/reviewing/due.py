"""How long there is left: the words and colours are those of every list."""

from articles.waiting import due_words, waited_words

__all__ = ["due_words", "waited_words"]
