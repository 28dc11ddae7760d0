"""`python -m policy_dsl`."""

from .cli import main

main(prog_name="policy")
