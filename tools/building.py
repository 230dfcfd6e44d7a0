"""What a built wheel carries of its commit: `kalata/build.txt`. A checkout has no such file, and says .src (kalata.version)."""

import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        if version == "editable":
            return
        kept = Path(tempfile.mkdtemp(prefix="kalata-build-")) / "build.txt"
        kept.write_text(self.metadata.version.partition("+g")[2] + "\n")
        build_data["force_include"][str(kept)] = "kalata/build.txt"
