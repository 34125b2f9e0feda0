"""The five projects on the form server, their identifiers and versions."""

from sandbox.pilot.forms.renames import (
    FIRST_VERSION,
    FIVE_POINT_VERSION,
    PRESENT_VERSION,
)

ENROLMENT_UID = "aEnrolmentPilot2020Kb1"
JOURNAL_UID = "aJournalPilot2020Kobo1"
MEETING_UID = "aMeetingPilot2020Kobo1"
INVESTMENT_UID = "aInvestmentPilot20Kob1"
EXIT_UID = "aExitPilot2020KoboToo1"

ENROLMENT_VERSION_UID = "vEnrolment2020020101K1"
MEETING_VERSION_UID = "vMeeting2020070101Kob1"
INVESTMENT_VERSION_UID = "vInvestment2020070101K"
EXIT_VERSION_UID = "vExit2020070101KoboTo1"
JOURNAL_VERSION_UIDS = {
    FIRST_VERSION: "vJournal2020070101Kob1",
    FIVE_POINT_VERSION: "vJournal2020101501Kob1",
    PRESENT_VERSION: "vJournal2021010401Kob1",
}
