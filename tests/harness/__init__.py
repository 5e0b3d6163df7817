"""What the tests stand on: databases, servers, a browser, rivals, mail."""
