"""scoregap: audits the generalization theory of score-based diffusion models by machine.

The three packages under one name, ``scoregap.theory``, ``scoregap.numerics`` and ``scoregap.verify``; run as
``python -m scoregap`` it is the command ``scoregap``.
"""

import numerics
import theory
import verify
from verify.origin import package_version

__version__ = package_version()

__all__ = ["__version__", "numerics", "theory", "verify"]

if __name__ == "__main__":
    from verify.cli.main import main

    main()
