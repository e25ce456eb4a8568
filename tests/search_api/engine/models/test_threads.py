"""A model that is loaded leaves the processor's other cores to other requests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import threadpoolctl

from search_api.engine.models.loading import load_model


def blas_threads() -> set[int]:
    """Of numpy's own library: others that a test process has loaded (FAISS's) keep a number per thread."""
    found = threadpoolctl.threadpool_info()
    return {one["num_threads"] for one in found if one["user_api"] == "blas" and "numpy" in one["filepath"]}


def test_products_of_matrices_stay_on_the_thread_that_asks() -> None:
    threadpoolctl.threadpool_limits(2, user_api="blas")
    load_model("multilingual-e5-small")
    assert blas_threads() == {1}
    with ThreadPoolExecutor(1) as pool:  # a request's thread is another one than that which loaded the model
        assert pool.submit(blas_threads).result() == {1}
