"""What did not run although it was chosen."""

import pytest

LEFT_OUT = ("skipped", "xfailed", "xpassed")


def left_out(config: pytest.Config) -> dict[str, int]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    counts = {outcome: len(reporter.stats.get(outcome, ())) for outcome in LEFT_OUT}
    return {outcome: count for outcome, count in counts.items() if count}
