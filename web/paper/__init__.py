"""The book to take along: PDF and EPUB, both made from the finished pages, and its notebooks."""
