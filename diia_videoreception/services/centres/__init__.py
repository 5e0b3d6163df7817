"""Centres: access to the portal, their people, places and hours, and the right to act on behalf of people.

Writes what belongs to a centre, tells its people by letters, and keeps the computers of its places in the device
check; knows nothing of booking and of citizens. Order of locks: centre, member, and what comes of the act after them.
Others call decisions, figures, granting, guard, importing, invitations, people, rights, testing, training, warnings, workplaces.
Tests: tests/services/centres, tests/web/centre, tests/wagtail_admin/test_centres.py.
"""
