from django.urls import path

from articles.writing import drafting, views

app_name = "writing"
urlpatterns = [
    path("", views.articles, name="articles"),
    path("new/", drafting.new, name="new"),
    path("<int:pk>/", views.article, name="article"),
    path("<int:pk>/edit/", drafting.save, name="save"),
    path("<int:pk>/restore/", views.restore, name="restore"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/revise/", views.revise, name="revise"),
]
