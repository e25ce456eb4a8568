"""Everything that writes goes over this desk, one at a time: registrations, withdrawals, reviews, matches.

Knows nothing of HTTP. The server holds the desk of its data folder; commands reach it over a private socket, or open
one themselves where no server runs.
"""
