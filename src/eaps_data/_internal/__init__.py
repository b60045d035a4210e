"""Small helpers without domain knowledge: resources, canonical JSON, atomic writes, text keys."""
