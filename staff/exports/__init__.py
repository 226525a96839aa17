"""What leaves the staff file as a workbook or a paper."""
