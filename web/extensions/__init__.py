"""The Sphinx extensions of the book, each for one thing that a page can do, and the finishing line."""
