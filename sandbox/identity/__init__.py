"""The demonstration portal’s identity service: anybody signs in as any invented citizen."""
