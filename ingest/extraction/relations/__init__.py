"""How the things of a text are related: clauses, and what each says of use, makers, issues and partners."""
