"""Readers: approved content only."""

from django.urls import include, path

from articles.reading import (
    about,
    asking,
    audience,
    citing,
    feeds,
    follow,
    reporting,
    sitemaps,
    versions,
    views,
)

app_name = "reading"
urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<slug:slug>/", views.article, {"level": "clinical"}, name="article"),
    path("articles/<slug:slug>/plain/", views.article, {"level": "plain"}, name="plain"),
    path("articles/<slug:slug>/versions/", versions.versions, name="versions"),
    path("articles/<slug:slug>/versions/compare/", versions.compare, name="compare"),
    path("articles/<slug:slug>/versions/<int:number>/", views.version, name="version"),
    path("articles/<slug:slug>/ask/", asking.ask, name="ask"),
    path("articles/<slug:slug>/ask/sent/", asking.asked, name="asked"),
    path("articles/<slug:slug>/report/", reporting.report, name="report"),
    path("articles/<slug:slug>/report/sent/", reporting.reported, name="reported"),
    path("articles/<slug:slug>/follow/", follow.follow, name="follow"),
    path("articles/<slug:slug>/cite.<slug:form>", citing.cite, name="cite"),
    path("articles/<slug:slug>/references.<slug:form>", citing.references, name="references"),
    path("follow/sent/", follow.sent, name="follow_sent"),
    path("follow/topics/<slug:topic>/", follow.follow_topic, name="follow_topic"),
    path("follow/confirm/<str:token>/", follow.confirm, name="confirm"),
    path("follow/stop/<str:token>/", follow.stop, name="stop"),
    path("feeds/approvals.atom", feeds.approvals, name="feed"),
    path("feeds/topics/<slug:topic>.atom", feeds.topic, name="topic_feed"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/articles-<int:part>.xml", sitemaps.articles, name="sitemap_articles"),
    path("audience/", audience.audience, name="audience"),
    path("board/", about.board, name="board"),
    path("board/<slug:slug>/", about.member, name="member"),
    path("editorial-policy/", about.policy, name="policy"),
    path("editorial-policy/versions/", about.policy_versions, name="policy_versions"),
    path("editorial-policy/versions/<int:number>/", about.policy_version, name="policy_version"),
    # The last one: it answers for every address below its own.
    path("api/v1/", include("articles.reading.api.urls")),
]
