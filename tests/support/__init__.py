"""What the tests share: strategies, mutations, engines, example files and tools."""
