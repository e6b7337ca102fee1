"""One rule per file: what forces people online?"""
