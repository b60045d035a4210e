"""The version of the code; data and schemas have versions of their own."""

__version__ = "0.1.0"
