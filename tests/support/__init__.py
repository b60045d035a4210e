"""Shared by the tests: Hypothesis strategies, mutations, schema engines, example files, browsers and Node."""
