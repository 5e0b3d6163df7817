"""Addresses of self-service workplaces."""

from django.urls import path

from diia_videoreception.web.kiosk import phone, practice, slips, views

urlpatterns = [
    path("kiosk/", views.start, name="kiosk_start"),
    path("kiosk/pair/", views.pair, name="kiosk_pair"),
    path("kiosk/begin/", views.begin, name="kiosk_begin"),
    path("kiosk/home/", views.home, name="kiosk_home"),
    path("kiosk/help/", views.help_page, name="kiosk_help"),
    path("kiosk/look/", views.look, name="kiosk_look"),
    path("kiosk/seen/", views.seen, name="kiosk_seen"),
    path("kiosk/end/", views.end, name="kiosk_end"),
    path("kiosk/wiped/", views.wiped, name="kiosk_wiped"),
    path("kiosk/rate/", views.rate, name="kiosk_rate"),
    path("kiosk/broken/", views.broken, name="kiosk_broken"),
    path("kiosk/phone/", phone.screen_side, name="kiosk_phone"),
    path("kiosk/phone/state/", phone.state, name="kiosk_phone_state"),
    path("kiosk/phone/join/", phone.join, name="kiosk_phone_join"),
    path("kiosk/phone/match/", phone.match, name="kiosk_phone_match"),
    path("kiosk/phone/done/", phone.done, name="kiosk_phone_done"),
    path("kiosk/phone/leave/", phone.leave, name="kiosk_phone_leave"),
    path("kiosk/practice/", practice.practice, name="kiosk_practice"),
    path("kiosk/slip/", slips.slip, name="kiosk_slip"),
    path("kiosk/worker.js", views.worker, name="kiosk_worker"),
]
