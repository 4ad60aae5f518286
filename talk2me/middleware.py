"""What every HTTP answer carries, and where every page lives."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from talk2me import metrics, security_headers

Answer = Callable[[HttpRequest], HttpResponse]


class CountRequests:
    """Counts every answer by its class."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then count."""
        response = self.get_response(request)
        metrics.requests.labels(f"{response.status_code // 100}xx").inc()
        return response


class SecurityHeaders:
    """Adds the headers of docs/threat_model.md to every answer of Django's, whoever made it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then set each header that is not there yet."""
        response = self.get_response(request)
        for name, value in security_headers.of_path(request.path).items():
            response.setdefault(name, value)
        return response


class CanonicalOrigin:
    """Sends a page opened under another of our names to ORIGIN: accounts and signatures belong to one origin."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.host = urlsplit(settings.ORIGIN).netloc

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Redirect GETs of pages; anything else with a foreign Host is answered as usual (ALLOWED_HOSTS guards it)."""
        if request.method == "GET" and request.path == "/" and request.get_host() != self.host:
            return HttpResponsePermanentRedirect(settings.ORIGIN + "/")
        return self.get_response(request)
