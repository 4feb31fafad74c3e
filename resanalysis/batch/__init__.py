"""A folder of texts -> a Parquet dataset, on as many processors as there are."""

from resanalysis.batch.dataset import read_dataset
from resanalysis.batch.running import Batch, run_batch

__all__ = ["Batch", "read_dataset", "run_batch"]
