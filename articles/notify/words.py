"""Phrases that mail, inbox and lists share."""


def asks_in_words(threads: int, must_fix: int, in_doubt: int = 0) -> str:
    """ "The board asks 5 things, 2 must be fixed; 1 statement is in doubt"; "" when it asks nothing."""
    doubts = f"{in_doubt} statement{' is' if in_doubt == 1 else 's are'} in doubt" if in_doubt else ""
    return "; ".join(each for each in (_things(threads, must_fix), doubts) if each)


def _things(threads: int, must_fix: int) -> str:
    if not threads:
        return ""
    things = "one thing" if threads == 1 else f"{threads} things"
    if not must_fix:
        return f"The board asks {things}"
    if must_fix == threads:
        return f"The board asks {things}, {'which' if threads == 1 else 'all of which'} must be fixed"
    return f"The board asks {things}, {must_fix} must be fixed"
