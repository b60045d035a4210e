"""Where the facts come from: reading the page, and finding a claim's phrase on it."""
