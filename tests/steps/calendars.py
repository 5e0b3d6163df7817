"""A calendar that does as RFC 5546 says with what letters bring, read by another library than ours."""

from dataclasses import dataclass, field
from typing import Any

import vobject


@dataclass
class Calendar:
    """The entries of one person, by UID."""

    owner: str
    entries: dict[str, Any] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)

    def take(self, content: bytes) -> None:
        """Enters, changes or removes an event; what is older than what is known changes nothing."""
        # The library keeps zones over files; a calendar takes the one that the file describes.
        vars(vobject.icalendar)["__tzidMap"].pop("Europe/Kyiv", None)
        read = vobject.readOne(content.decode())
        event, method = read.vevent, read.method.value
        uid, sequence = event.uid.value, int(event.sequence.value)
        assert event.organizer.value.startswith("mailto:")
        (attendee,) = event.attendee_list
        assert attendee.value == f"mailto:{self.owner}", "calendars act for their owner only"
        assert attendee.params["RSVP"] == ["FALSE"]
        assert hasattr(event, "dtstamp")
        if sequence < self.sequences.get(uid, -1):
            return
        self.sequences[uid] = sequence
        match method:
            case "REQUEST":
                assert event.status.value == "CONFIRMED"
                self.entries[uid] = event
            case "CANCEL":
                assert event.status.value == "CANCELLED"
                self.entries.pop(uid, None)
            case _:
                raise AssertionError(f"{method} changes no calendar by itself")

    @property
    def times(self) -> list[tuple[str, str]]:
        """Beginning and end of each entry, in UTC."""
        return sorted(
            (_utc(event.dtstart.value), _utc(event.dtend.value)) for event in self.entries.values()
        )


def _utc(moment: Any) -> str:
    return f"{moment.astimezone(vobject.icalendar.utc):%Y-%m-%d %H:%M}"
