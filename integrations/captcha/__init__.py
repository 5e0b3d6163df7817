"""Telling people from robots without a puzzle."""
