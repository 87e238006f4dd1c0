"""`python -m crmsh_py.language.build_table FILE`: the build step that writes the parser's table."""

import sys

from crmsh_py.language.table import write

if __name__ == "__main__":
    write(sys.argv[1])
