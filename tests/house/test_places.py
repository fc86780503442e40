"""No kind of page is left out of the walk that axe, the small screen and the camera take."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver, resolve

from tests.browser.places import PLACES

# Addresses that are no page of their own, and pages that the walk cannot come to.
STEPS = {
    "desk:add_item", "desk:move_item", "desk:reaffirm", "desk:remind", "desk:reword_item",
    "desk:topic_specialties", "desk:use_item",
    "desk:ask_member", "desk:ask_revision", "desk:begin_article", "desk:join_inquiry", "desk:reopen_inquiry",
    "desk:retitle_inquiry", "desk:take_out", "desk:withdraw_reply",
    "reviewing:approve_reply", "reviewing:hand_back", "reviewing:return_reply", "reviewing:take_inquiry",
    "reviewing:write_reply",
    "desk:assign", "desk:decline", "desk:move_address", "desk:retire", "desk:set_coauthors", "desk:unassign",
    "office:answer", "office:end_interest", "office:glossary_approve", "office:glossary_withdraw",
    "office:read", "office:read_all",
    "reviewing:accept_review", "reviewing:decline_review", "reviewing:mark", "reviewing:open_thread",
    "reviewing:reopen", "reviewing:resolve", "reviewing:sign_off",
    "writing:accept_suggestion", "writing:decline_suggestion",
    "reviewing:approve", "reviewing:claim", "reviewing:declare_conflict", "reviewing:recuse",
    "reviewing:request_changes",
    "writing:add_figure", "writing:remove_figure",
    "writing:restore", "writing:revise", "writing:submit", "writing:withdraw",
}  # fmt: skip
# For programs, for htmx, or an address that leads on to a page.
NO_PAGE = {
    "healthz", "office:mail_html", "mfa_download_recovery_codes", "account_set_password",
    "reading:api:article", "reading:api:articles", "reading:api:nothing", "reading:api:openapi",
    "reading:api:references", "reading:api:topics", "reading:api:version", "reading:api:versions",
    "reading:figure", "office:figure", "writing:images",
    "reading:api:passages", "reading:cite", "reading:references", "reading:feed", "reading:topic_feed",
    "reading:robots", "reading:sitemap", "reading:sitemap_articles", "reading:sitemap_pages",
    "reading:suggest", "reviewing:beside", "reviewing:row", "reviewing:with_passkey", "writing:place",
}  # fmt: skip
# They stand open only to somebody with a second factor, a login by code or an earlier policy.
BEHIND_A_STATE = {
    "account_confirm_login_code", "mfa_authenticate", "mfa_deactivate_totp", "mfa_edit_webauthn",
    "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
    "mfa_view_recovery_codes", "desk:policy_version", "reading:confirm", "desk:remove_policy",
}  # fmt: skip


def names(resolver: Any, space: str = "") -> Iterator[str]:
    """The name of every address but those of Django's admin."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"
        elif entry.namespace != "admin":
            yield from names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def walked() -> set[str]:
    anything: dict[str, int] = defaultdict(lambda: 1)
    paths = [place.path.partition("?")[0].format_map(anything) for place in PLACES if place.status != 404]
    return {resolve(path).view_name for path in paths}


@pytest.mark.usefixtures("demo_addresses")
def test_every_page_is_walked_or_there_is_a_reason_why_not():
    assert set(names(get_resolver())) - walked() == STEPS | NO_PAGE | BEHIND_A_STATE


def test_no_page_is_walked_twice_under_one_name():
    assert len({place.name for place in PLACES}) == len(PLACES)
