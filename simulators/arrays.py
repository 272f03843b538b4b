"""Names for the numpy arrays that pass between the parts of the simulation."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Seeds = NDArray[np.uint64]
Mask = NDArray[np.bool_]
