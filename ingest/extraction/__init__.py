"""What a text says: regions, issues, technologies, resources, organisations, goals, and how they are related."""
