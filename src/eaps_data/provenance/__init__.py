"""Provenance: evidence of claims, the page that it is from, differences between datasets, citations."""
