"""What a visitor of a centre sees at a self-service workplace, and what that browser may open besides."""
