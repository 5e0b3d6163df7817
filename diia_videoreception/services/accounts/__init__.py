"""Who somebody is: signing in, registering, finding the person, keys, sessions, consents, evidence;
and the second factor of staff.

Writes what belongs to a person and tells them by letters; knows nothing of booking.
Others call calendar_feeds, challenges, citizens, codes, consents, credentials, evidence, matching, own_data, reminders, second_factor,
sessions, sign_in, staff_keys, staff_rights.
Tests: tests/services/accounts, tests/web/sign_in, tests/web/profile, tests/web/official/test_second_factor.py.
"""
