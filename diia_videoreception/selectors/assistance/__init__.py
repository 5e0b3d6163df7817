"""What people of a centre see of the visits there."""
