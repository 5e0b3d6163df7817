"""The outside world: sign-in, conferences, mail, messages. No models, no import of our other packages."""
