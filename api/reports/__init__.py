"""日提醒、周通报、月考核: one model of a report, drawn in several forms."""
