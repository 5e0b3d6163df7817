"""The portal's own site: another origin, which signs a person in and posts the token back."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

from tests.steps.portal import Portal

PAGE = """<!doctype html>
<html lang="uk"><head><meta charset="utf-8"><title>Портал</title></head>
<body><main><h1>Вхід на портал</h1>
<form method="post" action="{action}"><input type="hidden" name="token" value="{token}">
<button>Повернутися до запису</button></form></main></body></html>
"""


class PortalSite:
    """Where the site is, and the provider that sends people there."""

    def __init__(self, url: str, portal: Portal) -> None:
        self.url = url
        self._portal = portal

    @property
    def provider(self) -> dict[str, Any]:
        """The entry of the setting IDENTITY."""
        provider = self._portal.settings
        options = provider["OPTIONS"] | {"authorize_url": f"{self.url}/identity/"}
        return provider | {"OPTIONS": options}


@contextmanager
def portal_site() -> Iterator[PortalSite]:
    """Serves on a free port of 127.0.0.1; tests browse localhost, which is another site to a browser."""
    portal = Portal()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            if "return_url" not in query:
                self.send_error(404)
                return
            token = portal.handover(nonce=query["nonce"][0], now=timezone.now())
            page = PAGE.format(action=escape(query["return_url"][0]), token=token).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield PortalSite(f"http://127.0.0.1:{server.server_port}", portal)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
