"""The reporters: one module per report format."""
