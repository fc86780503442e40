"""Readers: approved content only."""

from django.urls import path

from articles.reading import about, asking, audience, finding, passages_json, topics, views, words

app_name = "reading"
urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<slug:slug>/", views.article, {"level": "clinical"}, name="article"),
    path("articles/<slug:slug>/plain/", views.article, {"level": "plain"}, name="plain"),
    path("articles/<slug:slug>/versions/", views.versions, name="versions"),
    path("articles/<slug:slug>/versions/<int:number>/", views.version, name="version"),
    path("articles/<slug:slug>/ask/", asking.ask, name="ask"),
    path("articles/<slug:slug>/ask/sent/", asking.asked, name="asked"),
    path("glossary/", words.glossary, name="glossary"),
    path("search/", finding.search, name="search"),
    path("search/suggest/", finding.suggest, name="suggest"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("a-z/", topics.a_to_z, name="a_to_z"),
    path("a-z/<slug:letter>/", topics.a_to_z, name="letter"),
    path("api/v1/passages", passages_json.passages_json, name="passages_json"),
    path("audience/", audience.audience, name="audience"),
    path("board/", about.board, name="board"),
    path("board/<slug:slug>/", about.member, name="member"),
    path("editorial-policy/", about.policy, name="policy"),
]
