"""The secretariat's pages: signing in, registrations that wait, statements that nobody has reviewed."""
