"""Jobs at their times: when one is due (timetable, due), what it is (jobs), who does it (scheduler, children, warden)."""
