from django.urls import path

from articles.desk import checklist, home, policies, policy, questions, views

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
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
    path("policies/", policies.policies, name="policies"),
    path("policies/default/", policies.default, name="default_policy"),
    path("policies/<int:pk>/", policies.of_topic, name="topic_policy"),
    path("policies/<int:pk>/remove/", policies.remove, name="remove_policy"),
    path("policies/<int:pk>/specialties/", policies.specialties, name="topic_specialties"),
    path("checklist/", checklist.checklist, name="checklist"),
    path("checklist/add/", checklist.add, name="add_item"),
    path("checklist/<int:pk>/reword/", checklist.reword, name="reword_item"),
    path("checklist/<int:pk>/move/", checklist.move, name="move_item"),
    path("checklist/<int:pk>/use/", checklist.use, name="use_item"),
    path("policy/", policy.policy, name="policy"),
    path("policy/versions/", policy.policy_versions, name="policy_versions"),
    path("policy/versions/<int:number>/", policy.policy_version, name="policy_version"),
]
