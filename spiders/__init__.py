"""The Scrapy project: it takes seeds, scope and pace as values and yields records of what it found."""
