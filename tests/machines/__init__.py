"""Where one machine is not enough: what a portal shares between machines, tried with the real thing."""
