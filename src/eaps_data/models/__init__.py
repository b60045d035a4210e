"""The records: models, vocabulary, field types, ids, redirects and table specs."""
