"""The screens of the citizen."""
