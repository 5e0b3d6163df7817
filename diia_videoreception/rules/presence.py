"""How long a member of staff counts as working on a case they have open."""

from datetime import timedelta

IDLE = timedelta(minutes=15)
"""After so long without a sign of life nobody is working on it any more."""
BEAT_SECONDS = 60
"""So often a page tells that somebody is there, if they have done anything since."""
