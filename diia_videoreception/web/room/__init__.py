"""The room of a reception, for its citizen and for its agency; the address says as whom one comes."""
