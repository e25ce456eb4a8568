"""What never enters the graph: contact data, submissions under review, matches, who did what. SQLite or PostgreSQL.

The only room that imports SQLAlchemy and Alembic; whoever needs it imports it when it is needed.
"""
