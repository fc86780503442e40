"""The addresses of the API: its operations, what they are for machines and for people, and all the rest."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_safe

from articles.reading.api.answers import answered, nothing_here
from articles.reading.api.operations import api
from articles.reading.freshness import always_ask

app_name = "api"


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description for people: one page of ours, with no script and nothing from another host."""
    schema = _schema()
    operations = [
        {"path": where, **operations["get"]}
        for where, operations in schema["paths"].items()
        if "get" in operations
    ]
    # As lists: a template would take a field named "items" for the items of the dict.
    shapes = [
        {
            "name": name,
            "description": shape.get("description", ""),
            "fields": list(shape["properties"].items()),
        }
        for name, shape in schema["components"]["schemas"].items()
    ]
    context = {"operations": operations, "shapes": shapes, "description": schema["info"]["description"]}
    return always_ask(render(request, "reading/api.html", context))


@answered
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description for machines."""
    return api.create_response(request, _schema(), status=200)


def _schema() -> dict[str, Any]:
    """Without asking where the API hangs: ninja would look for it at the top of all addresses."""
    return api.get_openapi_schema(path_prefix="/api/v1/")


urlpatterns = [
    *(
        path(str(each.pattern), answered(each.callback), name=each.name)
        for each in api.urls[0]
        if isinstance(each, URLPattern) and each.name not in {"api-root", "openapi-json"}
    ),
    path("openapi.json", openapi, name="openapi"),
    path("docs", docs, name="docs"),
    # Whatever stands there: no converter takes a line break.
    re_path(r"^[\s\S]*$", nothing_here, name="nothing"),
]
