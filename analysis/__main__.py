"""`python -m analysis` is `qof`."""

import sys

from analysis.cli import main

sys.exit(main())
