"""«Звіти»: what an agency's receptions come to, as figures, charts and tables."""
