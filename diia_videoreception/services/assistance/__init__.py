"""Helping people in a centre, from the greeting of a visit to its end and the slip, and by telephone.

Above rooms: whoever helps may do what booking and rooms offer, and those know nothing of visits. Order of locks:
centre, members by key, visit, consent, person. Others call adding, consents, handing_over, help_desk, helped, holding, kep_consents, mandate_ends,
mandates, person_view, reading, revoking, seat_receptions, slips, taking_over, text_editions, typed_papers, typing, visits.
Tests: tests/services/assistance, tests/web/centre.
"""
