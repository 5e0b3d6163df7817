"""Addresses of the pages of centres; the key of the centre stands in each that is one's."""

from django.urls import path

from diia_videoreception.web.centre import (
    consents,
    entering,
    kiosks,
    people,
    places,
    receptions,
    slips,
    statistics,
    testing,
    training,
    typed_papers,
    typing,
    visits,
)

urlpatterns = [
    path("centre/", entering.front, name="centre_front"),
    path("centre/apply/", entering.apply, name="centre_apply"),
    path("centre/apply/sent/", entering.applied, name="centre_applied"),
    path("centre/join/", entering.join, name="centre_join"),
    path("centre/join/confirm/", entering.confirm, name="centre_confirm"),
    path("centre/<uuid:centre>/", entering.home, name="centre_home"),
    path("centre/<uuid:centre>/test/", testing.front, name="centre_test"),
    path("centre/<uuid:centre>/test/<uuid:attempt>/", testing.attempt, name="centre_test_attempt"),
    path(
        "centre/<uuid:centre>/test/<uuid:attempt>/<int:number>/",
        testing.question,
        name="centre_test_question",
    ),
    path("centre/<uuid:centre>/people/", people.people, name="centre_people"),
    path("centre/<uuid:centre>/people/invite/", people.invite, name="centre_invite"),
    path("centre/<uuid:centre>/people/<uuid:member>/", people.person, name="centre_person"),
    path(
        "centre/<uuid:centre>/invitations/<uuid:invitation>/withdraw/",
        people.withdraw,
        name="centre_withdraw",
    ),
    path("centre/<uuid:centre>/places/", kiosks.places, name="centre_places"),
    path("centre/<uuid:centre>/receptions/", receptions.receptions, name="centre_receptions"),
    path("centre/<uuid:centre>/workplaces/", places.workplaces, name="centre_workplaces"),
    path("centre/<uuid:centre>/workplaces/add/", places.add_workplace, name="centre_add_workplace"),
    path(
        "centre/<uuid:centre>/workplaces/<uuid:place>/", places.workplace, name="centre_workplace"
    ),
    path("centre/<uuid:centre>/hours/", places.hours, name="centre_hours"),
    path("centre/<uuid:centre>/decisions/", places.decisions, name="centre_decisions"),
    path("centre/<uuid:centre>/visits/", visits.visits, name="centre_visits"),
    path("centre/<uuid:centre>/visits/hand-over/", visits.hand_over, name="centre_hand_over"),
    path("centre/<uuid:centre>/visits/<uuid:visit>/", visits.visit, name="centre_visit"),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/leaflet/",
        visits.leaflet,
        name="centre_leaflet",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/application/", typing.answers, name="centre_typed"
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/application/documents/",
        typing.documents,
        name="centre_typed_documents",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/application/time/",
        typing.time,
        name="centre_typed_time",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/application/check/",
        typing.check,
        name="centre_typed_check",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/application/state/",
        typing.state,
        name="centre_typed_state",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/application/paper/",
        typed_papers.paper,
        name="centre_typed_paper",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/application/paper/sheet/",
        typed_papers.sheet,
        name="centre_typed_sheet",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/application/paper/scan/",
        typed_papers.scan,
        name="centre_typed_scan",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/form/",
        visits.paper_form,
        name="centre_paper_form",
    ),
    path("centre/<uuid:centre>/slips/", slips.slips, name="centre_slips"),
    path("centre/<uuid:centre>/slips/shown/", slips.slip, name="centre_slip"),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/consent/",
        consents.consent,
        name="centre_consent",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/consent/text/",
        consents.consent_text,
        name="centre_consent_text",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/consent/scan/",
        consents.consent_scan,
        name="centre_consent_scan",
    ),
    path(
        "centre/<uuid:centre>/visits/<uuid:visit>/consent/state/",
        consents.consent_state,
        name="centre_consent_state",
    ),
    path("centre/<uuid:centre>/consents/revoke/", consents.revoke, name="centre_revoke"),
    path("centre/<uuid:centre>/training/", training.front, name="centre_training"),
    path("centre/<uuid:centre>/training/visit/", training.visit, name="centre_training_visit"),
    path("centre/<uuid:centre>/statistics/", statistics.statistics, name="centre_statistics"),
    path(
        "centre/<uuid:centre>/statistics/table/", statistics.table, name="centre_statistics_table"
    ),
    path("centre/<uuid:centre>/journal/", places.journal, name="centre_journal"),
]
