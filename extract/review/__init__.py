"""The local web page where people who know the case read what was extracted and put it right."""
