"""Video conferences: what brings the two parties of a reception together.

The setting CONFERENCE names them; docs/providers.md shows how one is written.
"""
