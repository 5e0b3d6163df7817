"""Looking for viruses in what strangers upload, by a scanner of the portal's own."""
