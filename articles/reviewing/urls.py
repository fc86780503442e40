from django.urls import path
from django.views.decorators.http import require_safe

from articles.reviewing import inquiries, marking, pages, views

app_name = "reviewing"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("questions/", inquiries.listed, name="inquiries"),
    path("questions/<int:pk>/", inquiries.inquiry, name="inquiry"),
    path("questions/<int:pk>/take/", inquiries.take, name="take_inquiry"),
    path("questions/<int:pk>/hand-back/", inquiries.hand_back, name="hand_back"),
    path("questions/<int:pk>/write/", inquiries.write, name="write_reply"),
    path("questions/<int:pk>/approve/", inquiries.approve, name="approve_reply"),
    path("questions/<int:pk>/return/", inquiries.send_back, name="return_reply"),
    path("<int:pk>/", require_safe(pages.article), name="article"),
    path("<int:pk>/beside/", marking.beside, name="beside"),
    path("<int:pk>/row/", marking.row, name="row"),
    path("<int:pk>/sign-off/", marking.sign_off, name="sign_off"),
    path("<int:pk>/threads/", marking.open_thread, name="open_thread"),
    path("<int:pk>/threads/<int:thread>/resolve/", marking.resolve, name="resolve"),
    path("<int:pk>/threads/<int:thread>/reopen/", marking.reopen, name="reopen"),
    path("<int:pk>/threads/<int:thread>/mark/", marking.mark, name="mark"),
    path("<int:pk>/claim/", views.claim, name="claim"),
    path("<int:pk>/accept/", views.accept_review, name="accept_review"),
    path("<int:pk>/decline/", views.decline_review, name="decline_review"),
    path("<int:pk>/approve/with-passkey/", views.with_passkey, name="with_passkey"),
    path("<int:pk>/approve/", views.approve, name="approve"),
    path("<int:pk>/request-changes/", views.request_changes, name="request_changes"),
    path("<int:pk>/recuse/", views.recuse, name="recuse"),
    path("<int:pk>/declare-conflict/", views.declare_conflict, name="declare_conflict"),
]
