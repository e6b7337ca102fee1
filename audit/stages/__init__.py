"""The four stages: crawl, capture, judge, report."""
