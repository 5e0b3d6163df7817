"""System checks: what the portal has to set up, each with its own id and a hint how.

Importing this package registers all of them.
"""

from diia_videoreception.checks.configuration import check_providers, check_settings
from diia_videoreception.checks.data import check_agencies, check_searches, check_terms
from diia_videoreception.checks.host import (
    check_deployment,
    check_device_check,
    check_host,
    check_names,
)
from diia_videoreception.checks.staff import check_second_factor

__all__ = [
    "check_agencies",
    "check_deployment",
    "check_device_check",
    "check_host",
    "check_names",
    "check_providers",
    "check_searches",
    "check_second_factor",
    "check_settings",
    "check_terms",
]
