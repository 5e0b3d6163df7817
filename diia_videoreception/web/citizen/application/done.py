"""Step 4: the application is filed; the page can be opened again at any time (A-50)."""

import uuid

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.transitions import AWAITING_DECISION
from diia_videoreception.selectors.accounts.citizens import address_to_confirm
from diia_videoreception.selectors.booking.applications import application_of
from diia_videoreception.web.decorators import citizen_required
from diia_videoreception.web.middleware import CitizenRequest
from diia_videoreception.web.pages import render_page
from diia_videoreception.wording import decision_due


@citizen_required
def done(request: CitizenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the number, and what happens next."""
    citizen = request.citizen.citizen
    application = application_of(citizen, public_id)
    if application is None:
        raise Http404
    return render_page(
        request,
        "citizen/done.html",
        heading=_("The application has been submitted"),
        step=4,
        application=application,
        is_open=application.state in AWAITING_DECISION,
        official=application.official,
        agency=application.official.agency,
        decided_by=decision_due(
            application.start,
            application.official.agency.time_zone,
            submitted_at=application.submitted_at,
            term=application.decide_by,
        ),
        letters_address=application.letters_address,
        waiting=address_to_confirm(citizen),
    )
