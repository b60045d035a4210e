"""The fast path: accepts valid data without building models."""
