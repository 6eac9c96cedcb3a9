"""Past one machine: a pipeline over millions of customers, its engines, and sweeps spread by Dask."""
