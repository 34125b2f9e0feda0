"""What can go wrong with the warehouse, in sentences that say what to do."""


class WarehouseError(Exception):
    """Something is wrong with the warehouse; the message says what to do."""


class WarehouseUnavailableError(WarehouseError):
    """The database did not answer. Trying again later may help."""


class WarehouseSettingError(WarehouseError):
    """`WAREHOUSE_URL` is missing or unusable. Trying again will not help."""


class DbtBuildError(WarehouseError):
    """`dbt build` failed; the message names the first models or tests that did."""
