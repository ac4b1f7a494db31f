//! Reads: what QuickBooks meters, against what is allowed in a month.

use super::facts::DoctorFacts;
use super::finding::Finding;
use crate::app::metered::Metered;

pub fn reads(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(metered) = facts.state.known().and_then(|known| known.reads) else {
        return Vec::new();
    };
    let Metered { used, allowed } = metered;
    let said = format!("{used} of {allowed} reads that Intuit counts are used this month");
    let fix = "run less often, or raise `reads_per_month` in `[quickbooks]` if your plan at Intuit allows more";
    let finding = if metered.is_spent() {
        Finding::problem(said)
            .cause("QuickBooks blocks reads above the allowance until next month; runs take names and settings as they were last read")
            .fix(fix)
    } else if metered.is_tight() {
        Finding::warning(said)
            .cause("QuickBooks blocks reads above the allowance until next month")
            .fix(fix)
    } else {
        Finding::ok(said)
    };
    vec![finding]
}
