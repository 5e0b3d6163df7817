"""Centres for the portal's operator: their requests, their access, lists from files. No case is shown here."""
