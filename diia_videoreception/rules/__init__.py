"""The rules of booking in pure Python: no Django, no clock, no database.

Every module takes the moment it needs as an argument, works on aware datetimes and answers with
codes, never with texts for people.
"""
