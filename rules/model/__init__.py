"""The frozen records that every part of Loket speaks in."""
