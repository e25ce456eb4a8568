"""The only importer of threadpoolctl: numpy's products on one thread.

A query multiplies small matrices. Shared out over a team, each product waits for the slowest member, which spins
meanwhile: beside a busy machine a search took 312 ms and 116 ms of processor time instead of 67 and 17
(docs/benchmarks.md). Requests run beside each other anyhow.
"""

from __future__ import annotations


def compute_on_one_thread() -> None:
    """From now on, in the whole process, products of matrices use the calling thread alone."""
    import threadpoolctl  # noqa: PLC0415

    threadpoolctl.threadpool_limits(1, user_api="blas")
