"""The JSON Schemas: generated, published and as TypeScript types."""
