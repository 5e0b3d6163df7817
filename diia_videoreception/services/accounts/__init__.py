"""Who somebody is: signing in, registering, finding the person, keys, sessions, consents, evidence.

Knows nothing of booking. Tests: tests/services/accounts, tests/web/sign_in, tests/web/profile.
"""
