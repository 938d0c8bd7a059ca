"""Words travel compressed, files as they are: browsers do not unpack what they save."""

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


class CompressedWords(GZipMiddleware):
    """Django pads by chance, so that lengths tell no secrets (BREACH)."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        saved = response.get("Content-Disposition", "").startswith("attachment")
        if saved or not response.get("Content-Type", "").startswith(WORDS):
            return response
        return super().process_response(request, response)
