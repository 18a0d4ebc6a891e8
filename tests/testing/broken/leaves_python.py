"""Leaves Python when it is asked."""

import sys

from mebench import Spotter


class LeavesPython(Spotter):
    id = "leaves_python"
    summary = "ends the program"
    trains = False

    def spot(self, video, context):
        sys.exit(0)
