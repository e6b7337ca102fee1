"""One rule per file: can a person get the service by this channel?"""
