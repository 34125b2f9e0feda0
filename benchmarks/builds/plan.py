"""Which panels are built, and how what is built is measured."""

SIZES = {"small": 1_500, "medium": 15_000, "large": 100_000}
MONTHS = 36
# They test the models' logic on made-up rows: where dashboards are measured, nothing
# hangs on them.
UNIT_TESTS = "test_type:unit"
# The models that end in the family months, which pandas is raced in.
FAMILY_MONTHS = "+fct_family_months,resource_type:model"
ASKED_TIMES = 20  # of each query
ENOUGH_SECONDS = 30  # of one query: a slow one need not be asked as often
# Beside one who reads everything: seven readers, each with pages of their own.
LEADS, SITES_OF_A_LEAD = 6, 2
DASHBOARD_FAMILIES = SIZES["medium"]


def panels_up_to(size: str) -> list[int]:
    """Return the families of every panel up to that size, the smallest first."""
    return [families for families in SIZES.values() if families <= SIZES[size]]
