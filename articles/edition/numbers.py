"""How editions are numbered: microseconds since 1970, each edition in a second of its own.

So the second in which an edition began (`Last-Modified` has no finer grain) names that edition and no other.
"""

import time

SECOND = 1_000_000


def following(last: int) -> int:
    """A number for the edition after `last`: this moment, or the next whole second if that is later."""
    return max(time.time_ns() // 1000, (last // SECOND + 1) * SECOND)
