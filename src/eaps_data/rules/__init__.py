"""The validation rules: problems, the catalog, and the checks of and between records."""
