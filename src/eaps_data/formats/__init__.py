"""The lossless formats: one module per format reads and writes rows."""
