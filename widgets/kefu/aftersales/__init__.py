"""After-sales handling (售后处理): models, standard library only."""
