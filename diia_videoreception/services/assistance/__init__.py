"""Helping people in a centre: their visits from the greeting to the end, slips of what was applied for there.

Above rooms: whoever helps may do what booking and rooms offer, and those know nothing of visits. Order of locks:
centre, members by key, visit. Others call handing_over, slips, visits. Tests: tests/services/assistance, tests/web/centre.
"""
