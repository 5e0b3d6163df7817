"""Centres: access to the portal, their people, places and hours, and the right to act on behalf of people.

Order of locks: centre, member, and whatever comes of the act after them.
"""
