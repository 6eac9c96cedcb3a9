"""What the Makefile calls: set-up, notebooks, chapters, checks, reference pages, licences, locks, benches."""
