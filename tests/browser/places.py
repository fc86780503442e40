"""Every kind of page, with somebody who may see it: what is walked by axe and photographed."""

from dataclasses import dataclass

FLAGSHIP = "/articles/what-is-the-diagnosis-and-treatment-for-a-neuroendocrine-tumor-net/"
TWICE_APPROVED = "/articles/when-are-somatostatin-analogs-used-in-neuroendocrine-tumors/"
RETIRED = "/articles/what-do-the-2009-nccn-guidelines-say-about-neuroendocrine-tumors/"


@dataclass(frozen=True)
class Place:
    """One page: who looks at it ("" for a reader), and the status it answers with.

    In `path` the word for a state stands for the demo's article in it, `mail` for a mail that it sent.
    """

    name: str
    path: str
    who: str = ""
    status: int = 200


# The kinds of page that there are. The admin is Django's own and not here.
PLACES = [
    Place("home", "/"),
    Place("search", "/search/?q=which+scan+for+a+NET"),
    Place("search-nothing", "/search/?q=zzxy"),
    Place("search-empty", "/search/"),
    Place("topics", "/topics/"),
    Place("topic", "/topics/neuroendocrine-tumors/"),
    Place("a-to-z", "/a-z/"),
    Place("article", FLAGSHIP),
    Place("article-plain", f"{FLAGSHIP}plain/"),
    Place("article-versions", f"{TWICE_APPROVED}versions/"),
    Place("article-superseded", f"{TWICE_APPROVED}versions/1/"),
    Place("article-compare", f"{TWICE_APPROVED}versions/compare/"),
    Place("article-compare-sides", f"{TWICE_APPROVED}versions/compare/?view=side"),
    Place("article-day", f"{TWICE_APPROVED}versions/?on=2020-01-01"),
    Place("report", f"{FLAGSHIP}report/"),
    Place("reported", f"{FLAGSHIP}report/sent/"),
    Place("follow", f"{FLAGSHIP}follow/"),
    Place("follow-sent", "/follow/sent/"),
    Place("follow-expired", "/follow/confirm/no-such-link/", status=404),
    Place("follow-stopped", "/follow/stop/no-such-link/"),
    Place("api", "/api/v1/docs"),
    Place("article-retired", RETIRED, status=410),
    Place("ask", f"{FLAGSHIP}ask/"),
    Place("asked", f"{FLAGSHIP}ask/sent/"),
    Place("asked-urgent", f"{FLAGSHIP}ask/sent/?see=emergency"),
    Place("audience", "/audience/"),
    Place("board", "/board/"),
    Place("member", "/board/ravi-menon/"),
    Place("policy-versions", "/editorial-policy/versions/"),
    Place("policy-version", "/editorial-policy/versions/1/"),
    Place("policy", "/editorial-policy/"),
    Place("not-found", "/nowhere/", status=404),
    Place("login", "/accounts/login/"),
    Place("signup", "/accounts/signup/"),
    Place("password-reset", "/accounts/password/reset/"),
    Place("password-reset-sent", "/accounts/password/reset/done/"),
    Place("verification-sent", "/accounts/confirm-email/"),
    Place("password-reset-expired", "/accounts/password/reset/key/1-expired/"),
    Place("password-reset-over", "/accounts/password/reset/key/done/"),
    Place("account-closed", "/accounts/inactive/"),
    Place("confirm-expired", "/accounts/confirm-email/no-such-key/"),
    Place("logout", "/accounts/logout/", "ada"),
    Place("account-email", "/accounts/email/", "ada"),
    Place("account-password", "/accounts/password/change/", "ada"),
    Place("account-again", "/accounts/reauthenticate/", "ada"),
    Place("account-2fa", "/accounts/2fa/", "ada"),
    Place("account-2fa-app", "/accounts/2fa/totp/activate/", "ada"),
    Place("account-2fa-key", "/accounts/2fa/webauthn/add/", "ada"),
    Place("account-2fa-keys", "/accounts/2fa/webauthn/", "ada"),
    Place("office", "/office/", "edith"),
    Place("inbox", "/office/inbox/", "ada"),
    Place("mailbox", "/office/mail/", "ada"),
    Place("mail", "/office/mail/{mail}/", "ada"),
    Place("forbidden", "/desk/", "ada", status=403),
    Place("versions", "/office/articles/{draft}/versions/", "ada"),
    Place("version", "/office/articles/{draft}/versions/2/", "ada"),
    Place("compare", "/office/articles/{draft}/compare/?old=1&new=2", "ada"),
    Place("compare-sides", "/office/articles/{draft}/compare/?old=1&new=2&view=side", "ada"),
    Place("preview", "/office/articles/{draft}/preview/", "ada"),
    Place("preview-plain", "/office/articles/{draft}/preview/?level=plain", "ada"),
    Place("threads", "/office/articles/{changes_requested}/threads/", "ada"),
    Place("threads-resolved", "/office/articles/{draft}/threads/?show=resolved", "mei"),
    Place("threads-none", "/office/articles/{submitted}/threads/", "edith"),
    Place("thread", "/office/articles/{changes_requested}/threads/{thread}/", "ada"),
    Place("timeline", "/office/articles/{draft}/timeline/", "ada"),
    Place("write", "/write/", "ada"),
    Place("write-new", "/write/new/", "ada"),
    Place("write-edit", "/write/{changes_requested}/edit/", "ada"),
    Place("write-changes", "/write/{changes_requested}/", "ada"),
    Place("asks", "/write/{changes_requested}/asks/", "ada"),
    Place("asks-under-review", "/write/{under_review}/asks/", "ada"),
    Place("asks-nothing", "/write/{submitted}/asks/", "ada"),
    Place("write-draft", "/write/{draft}/", "ada"),
    Place("write-approved", "/write/{approved}/", "ada"),
    Place("write-declined", "/write/{declined}/", "ada"),
    Place("queue", "/review/", "ravi"),
    Place("queue-waiting", "/review/?show=waiting", "mei"),
    Place("queue-others", "/review/?show=others&sort=topic", "mei"),
    Place("queue-nothing", "/review/?show=overdue&q=nowhere", "mei"),
    Place("interests", "/office/interests/", "ravi"),
    Place("review", "/review/{under_review}/", "ravi"),
    Place("review-references", "/review/{under_review}/?show=references", "ravi"),
    Place("review-submitted", "/review/{submitted}/", "ravi"),
    Place("review-changes", "/review/{approved}/?show=changes&with=1", "mei"),
    Place("review-barred", "/review/{under_review}/", "mei"),
    Place("desk", "/desk/", "edith"),
    Place("desk-review", "/desk/{under_review}/", "edith"),
    Place("desk-submitted", "/desk/{submitted}/", "edith"),
    Place("desk-approved", "/desk/{approved}/", "edith"),
    Place("desk-retired", "/desk/{retired}/", "edith"),
    Place("desk-questions", "/desk/questions/", "edith"),
    Place("desk-questions-answered", "/desk/questions/?show=answered", "edith"),
    Place("desk-question", "/desk/questions/1/", "edith"),
    Place("desk-question-answered", "/desk/questions/4/", "edith"),
    Place("desk-policy", "/desk/policy/", "edith"),
    Place("desk-again", "/desk/?show=again", "edith"),
    Place("desk-policies", "/desk/policies/", "edith"),
    Place("desk-default-policy", "/desk/policies/default/", "edith"),
    Place("desk-topic-policy", "/desk/policies/1/", "edith"),
    Place("desk-checklist", "/desk/checklist/", "edith"),
    Place("desk-policy-versions", "/desk/policy/versions/", "edith"),
]
