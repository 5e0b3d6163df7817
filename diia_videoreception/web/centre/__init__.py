"""The pages of people who work in centres: light, by the sign-in of the portal's staff and the second factor."""
