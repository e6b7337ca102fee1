"""What axe found, mapped to WCAG, ACT, EARL and the role that can mend it."""
