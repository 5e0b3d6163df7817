"""The pages of officials, for a phone and a computer; they come by the sign-in of the portal's staff."""
