"""From pieces of text with their places on a page to text in reading order; pure functions, free of any PDF library."""
