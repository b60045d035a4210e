"""The dataset and its tables: collections, lookup, filters and search."""
