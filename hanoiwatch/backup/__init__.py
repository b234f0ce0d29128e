"""A copy of the whole archive in another folder, while crawls go on, and the way back.

`back_up` copies the record as of one moment, then of every file of the archive as much as that
record knows; a manifest with every digest is written last. What a backup holds is therefore
always one state of the archive, and a backup that is cut off leaves the one before.
"""

from hanoiwatch.backup.copying import BackedUp, Settings, back_up
from hanoiwatch.backup.restoring import Restored, restore

__all__ = ["BackedUp", "Restored", "Settings", "back_up", "restore"]
