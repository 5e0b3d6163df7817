"""Who somebody is: signing in, registering, finding the person, keys, sessions, consents, evidence.

Writes what belongs to a person and tells them by letters; knows nothing of booking.
Others call challenges, citizens, consents, credentials, evidence, matching, sessions, sign_in.
Tests: tests/services/accounts, tests/web/sign_in, tests/web/profile.
"""
