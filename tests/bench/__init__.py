"""Speed beside other libraries: ``make bench`` runs it and writes RESULTS.md. Never asserted."""
