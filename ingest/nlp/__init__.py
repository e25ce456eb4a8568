"""Words of Japanese and English text, and what is found among them; only ``pipelines`` imports spaCy."""
