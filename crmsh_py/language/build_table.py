"""`python -m crmsh_py.language.build_table FILE`: the build step that writes the parser's table."""

import sys

from crmsh_py.language.parser import build_table

if __name__ == "__main__":
    build_table(sys.argv[1])
