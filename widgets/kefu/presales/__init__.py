"""Pre-sales reception (售前接待): models, standard library only."""
