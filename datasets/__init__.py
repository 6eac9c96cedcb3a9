"""The book's tables and the generator that makes them."""
