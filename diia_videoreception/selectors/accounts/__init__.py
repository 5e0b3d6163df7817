"""Reads about people: sessions, keys, consents, challenges."""
