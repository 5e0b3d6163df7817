"""Device check: camera, microphone, speakers and connection before a reception (A-09)."""
