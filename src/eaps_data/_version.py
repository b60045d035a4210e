"""The version of the code; data and schemas are versioned separately."""

__version__ = "0.1.0"
