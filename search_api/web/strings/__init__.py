"""The words of the pages, one file a language."""
