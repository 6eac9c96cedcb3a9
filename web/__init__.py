"""What makes the pages: the list of the book, the build, its Sphinx extensions, the paper editions."""
