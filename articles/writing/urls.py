from django.urls import path
from django.views.decorators.http import require_safe

from articles.writing import asks, drafting, figures, views

app_name = "writing"
urlpatterns = [
    path("", views.articles, name="articles"),
    path("new/", drafting.new, name="new"),
    path("<int:pk>/", views.article, name="article"),
    path("<int:pk>/edit/", drafting.save, name="save"),
    path("<int:pk>/figures/", figures.figures, name="figures"),
    path("<int:pk>/figures/list.json", figures.images, name="images"),
    path("<int:pk>/figures/add/", figures.add, name="add_figure"),
    path("<int:pk>/figures/remove/", figures.remove, name="remove_figure"),
    path("<int:pk>/asks/", require_safe(asks.asks), name="asks"),
    path("<int:pk>/threads/<int:thread>/place/", asks.place, name="place"),
    path("<int:pk>/threads/<int:thread>/accept/", asks.accept_suggestion, name="accept_suggestion"),
    path("<int:pk>/threads/<int:thread>/decline/", asks.decline_suggestion, name="decline_suggestion"),
    path("<int:pk>/restore/", views.restore, name="restore"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/revise/", views.revise, name="revise"),
]
