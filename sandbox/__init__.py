"""The demonstration portal: a small Wagtail site as a ministry would have it. Not packaged."""
