"""What readers see: templates, styles and strings in both languages; knows nothing of HTTP."""
