"""Ready-made runs from data to memo: the Norddjurs portfolio on made-up persons, and a real randomised experiment."""
