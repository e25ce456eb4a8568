"""Pure functions that turn what people typed into values: text, dates, amounts, numbers of organisations."""
