from django.conf import settings
from django.urls import path
from django.views.decorators.http import require_safe

from articles.office import figures, glossary, interests, mailbox, threads, timeline, versions, views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read-all/", views.read_all, name="read_all"),
    path("inbox/<int:pk>/", views.read, name="read"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("glossary/new/", glossary.entry, name="glossary_new"),
    path("glossary/<int:pk>/", glossary.entry, name="glossary_entry"),
    path("glossary/<int:pk>/approve/", glossary.approve, name="glossary_approve"),
    path("glossary/<int:pk>/withdraw/", glossary.withdraw, name="glossary_withdraw"),
    path("interests/", interests.interests, name="interests"),
    path("interests/<int:pk>/end/", interests.end, name="end_interest"),
    path("articles/<int:pk>/versions/", versions.versions, name="versions"),
    path("articles/<int:pk>/versions/<int:number>/", versions.version, name="version"),
    path("articles/<int:pk>/compare/", versions.compare, name="compare"),
    path("articles/<int:pk>/preview/", versions.preview, name="preview"),
    path("articles/<int:pk>/figures/<str:name>.webp", figures.figure, name="figure"),
    path("articles/<int:pk>/threads/", threads.threads, name="threads"),
    path("articles/<int:pk>/threads/<int:thread>/", require_safe(threads.thread), name="thread"),
    path("articles/<int:pk>/threads/<int:thread>/answer/", threads.answer, name="answer"),
    path("articles/<int:pk>/timeline/", timeline.timeline, name="timeline"),
]
if settings.DEMO:
    # Everybody's mail in one place, verification links included: for trying things out on one machine.
    urlpatterns += [
        path("mail/", mailbox.index, name="mail"),
        path("mail/<str:name>/", mailbox.message, name="mail_message"),
        path("mail/<str:name>/html/", mailbox.html_part, name="mail_html"),
    ]
