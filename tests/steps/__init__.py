"""Steps that tests take and worlds that they build, by subject; conftest modules hold fixtures only."""
