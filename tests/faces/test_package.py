from __future__ import annotations

import subprocess
import sys


def test_the_package_itself_is_light() -> None:
    code = "import sys, mebench.faces; sys.exit(bool({'cv2', 'torch', 'pandas', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
