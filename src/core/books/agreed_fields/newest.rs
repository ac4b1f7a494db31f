//! The newest: which side changed last, where that can be told at all.
//!
//! Neither side has a time for each field, any change moves that of the whole record, our own included, and clocks differ. So it is
//! told only where this field is the only one that changed on either side, nothing of it can be our own doing, and the times lie
//! further apart than clocks do.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::agreed::{AgreedBase, AgreedSide};

/// When each side last changed the record, by one clock, and whether that can have been about this field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldTimes {
    pub shop: Option<DateTime<Utc>>,
    pub books: Option<DateTime<Utc>>,
    /// Another shared field changed there too.
    pub shop_changed_more: bool,
    pub books_changed_more: bool,
    /// When anything of the record was agreed on or written by us last: a time before it may be that of another field.
    pub quiet_since: Option<DateTime<Utc>>,
    pub skew: Duration,
}

/// `None`: it cannot be told, and nobody tosses a coin.
pub(super) fn newest(times: &FieldTimes, base: &AgreedBase) -> Option<AgreedSide> {
    let (shop, books) = (times.shop?, times.books?);
    if times.shop_changed_more || times.books_changed_more {
        return None;
    }
    let ours = base.writes.iter().map(|write| write.at);
    let quiet_since = ours.chain(times.quiet_since).fold(base.agreed_at, Ord::max);
    if shop <= quiet_since || books <= quiet_since {
        return None;
    }
    let skew = TimeDelta::from_std(times.skew).ok()?;
    match shop - books {
        later if later > skew => Some(AgreedSide::Shop),
        later if later < -skew => Some(AgreedSide::Books),
        _ => None,
    }
}
