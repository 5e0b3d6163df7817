"""Official mailboxes of citizens on the portal's mail server."""
