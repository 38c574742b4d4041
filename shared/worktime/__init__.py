"""How time is counted: working days, business hours, deadlines and their derivation in words.

Pure: no clock and no I/O; every moment comes in as a value with an offset and goes out in UTC.

- Working day: worked under the State Council's yearly holiday arrangement, make-up workdays (调休) included; an edition
  of the calendar can say otherwise for single days, and has its own hours and time zone.
- Within N working days: the first day is not counted (Civil Code, Art. 201); due at the close of the Nth after it.
- Same day: due at the close of that day; what arrives from closing time on, or on a day off, by the next working day's.
- Next day: due at the close of the next working day.
- Within N weeks: calendar days; a last day that is not worked moves to the next working day (Art. 203).
- Within N hours, minutes or seconds: elapsed time, nights and holidays included.
- A pause moves a deadline in days or weeks by the working time spent waiting, one in hours by the time that elapsed.
"""

from shared.worktime.calendar import Calendar
from shared.worktime.deadline import Deadline, Pause
from shared.worktime.duration import Duration, Unit
from shared.worktime.edition import Arrangement, CalendarEdition, Holiday, OwnDays
from shared.worktime.hours import Hours
from shared.worktime.registry import CALENDARS, Calendars, calendar_named

__all__ = [
    "CALENDARS",
    "Arrangement",
    "Calendar",
    "CalendarEdition",
    "Calendars",
    "Deadline",
    "Duration",
    "Holiday",
    "Hours",
    "OwnDays",
    "Pause",
    "Unit",
    "calendar_named",
]
