"""The search index: the one writer of what is derived from live publications. Always inside a transaction."""

from articles.indexing.bulk import learn_sizes
from articles.indexing.index import add, build_after_migrate, follow, rebuild
from articles.indexing.topics import refresh_topics

__all__ = ["add", "build_after_migrate", "follow", "learn_sizes", "rebuild", "refresh_topics"]
