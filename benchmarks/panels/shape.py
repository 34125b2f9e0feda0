"""What a panel is: how many families, in which sites, in which months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ingestion.registry.entries import Site
from sandbox.pilot.months import first_day, shifted

SEED = 20_200_701
FAMILIES_PER_SITE = 150  # sites are added as a programme grows, not made larger
FAMILIES_PER_GROUP = 5
# One site of the pilot for each country that has a price index by month. Liberia and
# New York earn in currencies or months without one.
SITES_LIKE = ("MX-01", "CO-01", "PH-01")
# The monthly price indexes among the seeds end here, and real money needs one.
LAST_PRICED_MONTH = "2022-12"
LAUNCH_OF_PILOT = "2020-07"
MONTHS_OF_ANALYSIS = 12  # after the launch; what follows is the extension
RECRUITED_BEFORE = 5  # months from the first recruitment to the launch


@dataclass(frozen=True, slots=True)
class PanelSite:
    """One site of a panel.

    Attributes:
        place: Counts the panel's sites from 0.
        prefix: Of its country, such as `MX`.
        number: Counts the sites of its country from 1.
        families: How many enrol in it.
        like: The site of the pilot that it is like.
    """

    place: int
    prefix: str
    number: int
    families: int
    like: Site

    @property
    def code(self) -> str:
        """Return the site's code, such as `MX-01`."""
        return f"{self.prefix}-{self.number:02}"

    def family_code(self, place: int) -> str:
        """Return the code of its family at `place`, which counts from 0."""
        return f"{self.code}-{place + 1:04}"

    def group_code(self, place: int) -> str:
        """Return the peer group of its family at `place`."""
        group = place // FAMILIES_PER_GROUP + 1
        return f"{self.prefix}-PG{self.number:02}{group:02}"

    @property
    def group_count(self) -> int:
        """How many peer groups it has."""
        return -(-self.families // FAMILIES_PER_GROUP)


@dataclass(frozen=True, slots=True)
class Panel:
    """Families by months; the same rows every time for the same three numbers.

    Attributes:
        families: How many enrol.
        months: How many each of them is expected to report on.
        seed: Of everything that is drawn.
    """

    families: int
    months: int = 36
    seed: int = SEED

    @property
    def launch_month(self) -> str:
        """The first month of the journals: as late as prices let it, like `2020-01`."""
        return min(LAUNCH_OF_PILOT, shifted(LAST_PRICED_MONTH, 1 - self.months))

    @property
    def last_month(self) -> str:
        """The last month of the journals."""
        return shifted(self.launch_month, self.months - 1)

    @property
    def analysis_end_month(self) -> str:
        """The month with which the analysis of a wave ends."""
        return min(self.last_month, shifted(self.launch_month, MONTHS_OF_ANALYSIS))

    @property
    def recruited_month(self) -> str:
        """The month in which families enrol and their baselines are about."""
        return shifted(self.launch_month, -RECRUITED_BEFORE)

    @property
    def arrivals_from(self) -> datetime:
        """When what comes after the first build begins to arrive: all else is there."""
        return instant(first_day(shifted(self.last_month, 6)))

    def sites(self, likes: dict[str, Site]) -> Iterator[PanelSite]:
        """Yield the panel's sites, the countries taking turns."""
        count = max(len(likes), round(self.families / FAMILIES_PER_SITE))
        each, left_over = divmod(self.families, count)
        prefixes = list(likes)
        for place in range(count):
            prefix = prefixes[place % len(prefixes)]
            yield PanelSite(
                place,
                prefix,
                place // len(prefixes) + 1,
                each + (place < left_over),
                likes[prefix],
            )


def instant(day: date, seconds: int = 0) -> datetime:
    """Return the instant so many seconds after a day's midnight, UTC."""
    return datetime.combine(day, time(), UTC) + timedelta(seconds=seconds)
