"""The search index: the one writer of what is derived from live publications. Always inside a transaction."""

from articles.indexing.index import add, build_after_migrate, follow, rebuild
from articles.indexing.topics import refresh_topics

__all__ = ["add", "build_after_migrate", "follow", "rebuild", "refresh_topics"]
