"""The test portal as a WSGI application, for the server processes of tests/harness/http.py."""

import os
from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

_portal = StaticFilesHandler(get_wsgi_application())

for _patch in os.environ.get("TEST_SERVER_PATCHES", "").split():
    import_string(_patch)()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers and says which process did, so that a test can see that several took part."""

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        return start_response(status, [*headers, ("X-Served-By", str(os.getpid()))], exc_info)

    return _portal(environ, start)
