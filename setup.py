"""The one build step: the parser table goes into the package."""

import os
import subprocess
import sys

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = os.path.dirname(os.path.abspath(__file__))


class BuildWithTable(build_py):
    """An editable install has no table: the parser is made in memory there, so that it follows the grammar."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            table = os.path.join(os.path.abspath(self.build_lib), "crmsh_py", "language", "table.json")
            subprocess.run([sys.executable, "-m", "crmsh_py.language.build_table", table], cwd=HERE, check=True)


setup(cmdclass={"build_py": BuildWithTable})
