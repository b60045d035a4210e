"""Text and HTML representations of plain rows."""
