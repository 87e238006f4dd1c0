"""`python -m crmsh_py` is `crm`."""

from crmsh_py.main import main

if __name__ == "__main__":
    main()
