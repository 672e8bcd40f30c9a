"""Photos, networks and what they see."""

import os

# ONNX Runtime reports to its maker unless this stands in the environment before it is first imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
