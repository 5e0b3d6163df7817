"""A reception in the portal's own room."""

from typing import Any

import pytest

from tests.steps.rooms import Meeting, make_meeting, own_room


@pytest.fixture
def meeting(db: None, settings: Any) -> Meeting:
    """Begins five minutes from NOW, behind a relay."""
    settings.DIIA_VIDEORECEPTION = settings.DIIA_VIDEORECEPTION | {"CONFERENCE": own_room()}
    return make_meeting()
