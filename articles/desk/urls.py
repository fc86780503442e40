from django.urls import path

from articles.desk import policy, questions, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/", views.article, name="article"),
    path("<int:pk>/assign/", views.assign, name="assign"),
    path("<int:pk>/unassign/", views.unassign, name="unassign"),
    path("<int:pk>/remind/", views.remind, name="remind"),
    path("<int:pk>/reaffirm/", views.reaffirm, name="reaffirm"),
    path("<int:pk>/decline/", views.decline, name="decline"),
    path("<int:pk>/retire/", views.retire, name="retire"),
    path("<int:pk>/coauthors/", views.set_coauthors, name="set_coauthors"),
    path("<int:pk>/address/", views.move_address, name="move_address"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("policy/", policy.policy, name="policy"),
    path("policy/versions/", policy.policy_versions, name="policy_versions"),
    path("policy/versions/<int:number>/", policy.policy_version, name="policy_version"),
]
