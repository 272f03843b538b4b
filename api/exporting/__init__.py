"""Histories out of the house: CSV, XLSX, Parquet, as they stand in one snapshot."""
