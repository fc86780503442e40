"""Phrases that mail, inbox and lists share."""


def asks_in_words(threads: int, must_fix: int) -> str:
    """ "The board asks 5 things, 2 must be fixed"; "" when it asks nothing."""
    if not threads:
        return ""
    things = "one thing" if threads == 1 else f"{threads} things"
    if not must_fix:
        return f"The board asks {things}"
    if must_fix == threads:
        return f"The board asks {things}, {'which' if threads == 1 else 'all of which'} must be fixed"
    return f"The board asks {things}, {must_fix} must be fixed"
