"""A hub for one machine: each student of a class has JupyterLab with the book, none sees another's files."""
