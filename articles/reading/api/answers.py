"""How every answer of the API goes out: HEAD as GET, 304 where nothing changed, and errors in one form."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from articles.reading.api.shapes import Problem as ProblemShape
from articles.reading.freshness import always_ask, by_content

MEDIA_TYPE = "application/problem+json"
_TITLES = {404: "Not found", 405: "Method not allowed", 410: "Gone", 422: "Not a valid request"}
View = Callable[..., HttpResponse]


class Refusal(Exception):
    """An answer that is an error. `more`: further members of the problem."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.more = more


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """An error as RFC 9457 has it."""
    said = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status, "detail": detail}
    return HttpResponse(json.dumps(said | more), status=status, content_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[str, Any]:
    """The errors of an operation, for its OpenAPI description."""
    content = {MEDIA_TYPE: {"schema": ProblemShape.model_json_schema()}}
    responses: dict[int, Any] = {
        status: {"description": _TITLES[status], "content": content} for status in (*statuses, 422)
    }
    if 404 in statuses:
        responses[301] = {"description": "The article has moved; Location says where"}
    responses[304] = {"description": "Nothing has changed since the answer with this ETag"}
    return {"responses": responses}


def handle_errors(api: NinjaAPI) -> None:
    """Give the API's own errors the same form."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
        return problem(error.status, error.detail, **error.more)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [{"parameter": str(each["loc"][-1]), "message": str(each["msg"])} for each in error.errors]
        return problem(422, "A parameter cannot be read.", errors=errors)


def answered(view: View) -> View:
    """The view as it is shown to the world."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":
            # The server leaves out the body; all else is as for GET.
            request.method = "GET"
        if request.method == "OPTIONS":
            return always_ask(HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"}))
        if request.method != "GET":
            response = problem(405, "This API is only read.")
            response.headers["Allow"] = "GET, HEAD, OPTIONS"
            return always_ask(response)
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return by_content(request, response) if response.status_code == 200 else always_ask(response)

    # Nothing is changed here, so there is nothing that another site could make a browser do.
    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


@answered
def nothing_here(request: HttpRequest, **_: Any) -> HttpResponse:
    """For whatever address under the API's that no operation has."""
    return problem(404, "There is nothing at this address. See /api/v1/docs.")
