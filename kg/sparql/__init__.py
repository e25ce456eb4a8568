"""Queries of strangers, run where they can do no harm: in processes of their own that are ended at their limits.

The worker process imports this package, so nothing is imported here.
"""
