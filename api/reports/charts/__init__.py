"""Charts: laid out once, then drawn as SVG, on paper and in a workbook."""
