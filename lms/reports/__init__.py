"""The report of a bimtek, and all of its data as one workbook."""
