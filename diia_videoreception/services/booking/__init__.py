"""Time and what is decided about it: holds, drafts, applications, moderation, receptions, absences.

Takes time by `occupancy` alone. Tests: tests/services/booking, tests/races, tests/housekeeping.
"""
