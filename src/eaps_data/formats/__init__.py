"""The lossless formats: one module per format reads and writes rows. YAML is read only, as records of one table."""
