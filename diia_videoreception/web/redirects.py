"""The answer that follows a POST."""

from http import HTTPStatus

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """After a POST: go and look there (RFC 9110, 15.4.4)."""

    status_code = HTTPStatus.SEE_OTHER
