"""What people and programs reach: command line, HTTP, web pages; ``engine`` below it is free of HTTP."""
