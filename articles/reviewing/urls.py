from django.urls import path
from django.views.decorators.http import require_safe

from articles.reviewing import views

app_name = "reviewing"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:pk>/", require_safe(views.article), name="article"),
    path("<int:pk>/claim/", views.claim, name="claim"),
    path("<int:pk>/accept/", views.accept_review, name="accept_review"),
    path("<int:pk>/decline/", views.decline_review, name="decline_review"),
    path("<int:pk>/approve/with-passkey/", views.with_passkey, name="with_passkey"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/request-changes/", views.request_changes, name="request_changes"),
    path("<int:pk>/recuse/", views.recuse, name="recuse"),
    path("<int:pk>/declare-conflict/", views.declare_conflict, name="declare_conflict"),
]
