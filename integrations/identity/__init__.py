"""Ways to sign in: who a person is, told by a source that the portal trusts."""
