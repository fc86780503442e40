"""Which tables may show on a public page, told from the SQL. One that nobody thought of counts as public."""

import re

# Written all day long by people at work, and never read by a public page. A page that reads one of them all
# the same is not kept (netreview/finished), so a mistake in this list costs speed and not truth.
PRIVATE = frozenset(
    f"articles_{name}"
    for name in (
        "article",
        "article_coauthors",
        "assignment",
        "checklistitem",
        "comment",
        "conflict",
        "decision",
        "event",
        "figure",
        # Read by the signed links in letters, whose pages nobody keeps.
        "follow",
        "glossaryentry",
        "historicalarticle",
        # Who changed what stands in a history for the office; readers are shown what holds.
        "historicalboardmember",
        "historicalchecklistitem",
        "historicalexplanation",
        "historicalglossaryentry",
        "historicalinquiry",
        "historicalinterest",
        "historicalreply",
        "historicalreviewpolicy",
        "inquiry",
        "letter",
        "message",
        "question",
        "reply",
        "round",
        "signoff",
        "suggestion",
        "thread",
        "unannounced",
        "user",
        "user_groups",
        "user_user_permissions",
    )
)
PRIVATE_APPS = ("account_", "auth_", "django_", "mfa_", "sqlite_")

_WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|COPY|WITH)\b", re.IGNORECASE)
_TARGET = re.compile(
    r'\s*(?:(?:INSERT|REPLACE)(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE
)
_READ = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)', re.IGNORECASE)


def is_private(table: str) -> bool:
    return table in PRIVATE or table.startswith(PRIVATE_APPS)


def writes_public(sql: str) -> bool:
    """Whether a statement may change what readers see. When in doubt it may."""
    if not _WRITE.match(sql):
        return False
    target = _TARGET.match(sql)
    return target is None or not is_private(target[1])


def reads(sql: str) -> set[str]:
    """The tables that a statement reads from."""
    return set(_READ.findall(sql))
