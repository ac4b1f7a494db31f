//! Works the schedules of a shop off.
