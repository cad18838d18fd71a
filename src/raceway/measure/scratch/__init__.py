"""What a session makes for a while: its temporary folder, and the reaper that removes it."""
