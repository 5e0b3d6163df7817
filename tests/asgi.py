"""The test portal as an ASGI application, for the server of tests/harness/http.py."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
