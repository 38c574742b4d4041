"""How time is counted: working days, business hours, deadlines and their derivation in words.

Pure: no clock and no I/O; every moment comes in as a value with an offset and goes out in UTC.

- Working day: worked under the State Council's yearly holiday arrangement, make-up workdays (调休) included.
- Within N working days: the first day is not counted (Civil Code, Art. 201); due at the close of the Nth after it.
- Same day: due at the close of that day; what arrives from closing time on, or on a day off, by the next working day's.
- Next day: due at the close of the next working day.
- Within N weeks: calendar days; a last day that is not worked moves to the next working day (Art. 203).
- Within N hours, minutes or seconds: elapsed time, nights and holidays included.
"""

from shared.worktime.calendar import CALENDARS, Calendar, calendar_named
from shared.worktime.deadline import Deadline
from shared.worktime.duration import Duration, Unit
from shared.worktime.hours import Hours

__all__ = ["CALENDARS", "Calendar", "Deadline", "Duration", "Hours", "Unit", "calendar_named"]
