"""What tests need and production never imports: clocks to set, messages to send, crashes planted at chosen points."""
