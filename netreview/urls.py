from django.contrib import admin
from django.urls import include, path

from netreview.health import healthz

admin.site.site_header = admin.site.site_title = "NetReview administration"
admin.site.index_title = "What the office's own pages leave to it"

urlpatterns = [
    path("", include("articles.reading.urls")),
    path("write/", include("articles.writing.urls")),
    path("review/", include("articles.reviewing.urls")),
    path("desk/", include("articles.desk.urls")),
    path("office/", include("articles.office.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz/", healthz, name="healthz"),
]

handler400 = "articles.web.bad_request"
