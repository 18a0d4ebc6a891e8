"""`pip install`, but for torch: not every Python has a build of it for machines without a GPU.

Usage: python .ci/without_torch.py OPTIONS REQUIREMENTS
"""

from __future__ import annotations

import re
import subprocess
import sys

wanted = [argument for argument in sys.argv[1:] if re.match(r"[\w.-]*", argument)[0].lower() != "torch"]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", *wanted]))
