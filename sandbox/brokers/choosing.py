"""The page of a mock service on which a visitor becomes an invented person."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from sandbox.brokers.tickets import NEWCOMERS, PEOPLE, Ticket, issue_code, person, take_code
from sandbox.brokers.troubles import LABELS, Trouble, trouble_of

MAX_STATE = 500


@dataclass(frozen=True, slots=True)
class Service:
    """What the page of one mock service says and offers."""

    name: str
    title: str
    troubles: tuple[Trouble, ...]
    ways: tuple[tuple[str, str], ...] = ()

    @property
    def trouble_labels(self) -> list[tuple[str, object]]:
        """Choices of what goes wrong."""
        return [(trouble.value, LABELS[trouble]) for trouble in self.troubles]


def authorize(
    request: HttpRequest, service: Service, *, client_id: str, way: str, dataset: str = ""
) -> HttpResponse:
    """Show the people; a POST sends the browser back with a code, or with what went wrong.

    Args:
        request: With the parameters of the portal in its address, for the POST too.
        service: Whose page it is.
        client_id: Whom it serves.
        way: How the person signs in.
        dataset: See `Ticket`.
    """
    back = request.GET.get("redirect_uri", "")
    state = request.GET.get("state", "")
    if not _is_ours(back, request):
        return HttpResponseBadRequest("redirect_uri", content_type="text/plain")
    if request.GET.get("response_type") != "code" or not 0 < len(state) <= MAX_STATE:
        return _back(back, {"error": "invalid_request", "state": state})
    if request.GET.get("client_id") != client_id:
        return _back(back, {"error": "unauthorized_client", "state": state})
    if request.method == "POST":
        return _answer(request, service, back, state, way, dataset)
    context = {
        "service": service,
        "people": PEOPLE,
        "newcomers": NEWCOMERS,
        "way": dict(service.ways).get(way, ""),
    }
    return render(request, "sandbox/broker_choose.html", context)


def _answer(
    request: HttpRequest, service: Service, back: str, state: str, way: str, dataset: str
) -> HttpResponse:
    chosen = person(request.POST.get("citizen", ""))
    if chosen is None:
        return _back(back, {"error": "access_denied", "state": state})
    trouble = trouble_of(service.name, request.POST.get("trouble", ""))
    ticket = Ticket(service.name, chosen.slug, back, way, trouble.value, dataset)
    code = issue_code(ticket)
    if trouble is Trouble.SPENT_CODE:
        take_code(service.name, code)
    if trouble is Trouble.WRONG_STATE:
        state = "of-another-sign-in-altogether"
    return _back(back, {"code": code, "state": state})


def _is_ours(url: str, request: HttpRequest) -> bool:
    """Return whether it is an absolute address on this very host; no other gets a code."""
    return bool(urlsplit(url).netloc) and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}
    )


def _back(url: str, parameters: dict[str, str]) -> HttpResponse:
    return HttpResponseRedirect(f"{url}?{urlencode(parameters)}")
