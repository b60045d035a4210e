"""The JSON Schemas: generated from the models, published as files, and translated to TypeScript types."""
