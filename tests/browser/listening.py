"""What goes wrong in a browser without anybody seeing it: errors, what the policy refuses, other hosts."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError


class Listener:
    """Collects complaints from every page of the contexts it listens to.

    A violation of the content security policy is an error on the console, as is every answer of 400 or more.
    """

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._heard: list[tuple[str, str, int]] = []
        self._expected: set[tuple[str, int]] = set()

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def expect(self, path: str, status: int) -> None:
        """This answer is what the test is about, and no complaint."""
        self._expected.add((path, status))

    def complaints(self) -> list[str]:
        expected = {path for path, _ in self._expected}
        return [
            words
            for words, url, status in self._heard
            if (_path(url), status) not in self._expected
            # The console repeats the status of a page in words.
            and not (words.startswith("console: Failed to load resource") and _path(url) in expected)
        ]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            url = str(message.location.get("url", ""))
            self._heard.append((f"console: {message.text} ({url})", url, 0))

    def _error(self, error: WebError) -> None:
        self._heard.append((f"script: {error.error}", "", 0))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != self._host:
            self._heard.append((f"another host: {request.url}", request.url, 0))

    def _failed(self, request: Request) -> None:
        # Aborted is what a request is when its page is left before the answer came.
        if request.failure == "net::ERR_ABORTED":
            return
        self._heard.append((f"failed: {request.method} {request.url} {request.failure}", request.url, 0))

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._heard.append((f"status {response.status}: {response.url}", response.url, response.status))


def _path(url: str) -> str:
    return urlsplit(url).path
