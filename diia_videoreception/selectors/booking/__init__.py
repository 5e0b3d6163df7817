"""Reads about receptions: free times, holds, applications, the work list, the catalogue of agencies."""
