//! A report while it is being written: its header, its columns, and room for so many cells.

use super::super::figures::stamp;
use super::span::ReportSpan;
use chrono::Utc;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

pub struct ReportPage {
    header: Map<String, Value>,
    columns: Vec<Value>,
    /// How many cells still find room.
    room: usize,
    cut: bool,
}

/// A section with the rows in it and its sum.
pub struct ReportSection {
    pub head: Vec<Value>,
    pub rows: Vec<Value>,
    pub sum: Vec<Value>,
    pub group: Option<&'static str>,
}

impl ReportPage {
    pub fn new(
        name: &str,
        currency: &str,
        span: &ReportSpan,
        basis: bool,
        room: usize,
    ) -> ReportPage {
        let mut header = Map::new();
        header.insert("ReportName".into(), name.into());
        header.insert("Time".into(), stamp(Utc::now()).into());
        header.insert("StartPeriod".into(), span.from.to_string().into());
        header.insert("EndPeriod".into(), span.to.to_string().into());
        header.insert("Currency".into(), currency.into());
        if let Some(named) = &span.named {
            header.insert("DateMacro".into(), named.as_str().into());
        }
        if basis {
            header.insert("ReportBasis".into(), "Accrual".into());
        }
        ReportPage {
            header,
            columns: Vec::new(),
            room,
            cut: false,
        }
    }

    pub fn say(&mut self, name: &str, value: &str) {
        self.header.insert(name.into(), value.into());
    }

    pub fn column(&mut self, kind: &str, title: &str) {
        self.columns
            .push(json!({ "ColTitle": title, "ColType": kind }));
    }

    /// Whether the report was cut: from then on it takes nothing more.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Puts a row in, if there is room for it.
    pub fn row(&mut self, rows: &mut Vec<Value>, cells: Vec<Value>) {
        if self.cut {
            return;
        }
        let Some(room) = self.room.checked_sub(cells.len()) else {
            self.cut = true;
            let said = "Unable to display more data. Please reduce the date range.";
            rows.push(json!({ "ColData": [text(said)], "type": "Data" }));
            return;
        };
        self.room = room;
        rows.push(json!({ "ColData": cells, "type": "Data" }));
    }

    /// Puts a section in. One that was cut has no sum.
    pub fn section(&self, rows: &mut Vec<Value>, section: ReportSection) {
        let mut object = json!({ "type": "Section", "Rows": { "Row": section.rows } });
        if !section.head.is_empty() {
            object["Header"] = json!({ "ColData": section.head });
        }
        if !self.cut {
            object["Summary"] = json!({ "ColData": section.sum });
        }
        if let Some(group) = section.group {
            object["group"] = group.into();
        }
        rows.push(object);
    }

    pub fn finish(mut self, rows: Vec<Value>) -> Value {
        let nothing = rows.is_empty();
        self.header.insert(
            "Option".into(),
            json!([{ "Name": "NoReportData", "Value": nothing.to_string() }]),
        );
        let rows = if nothing {
            json!({})
        } else {
            json!({ "Row": rows })
        };
        json!({ "Header": self.header, "Columns": { "Column": self.columns }, "Rows": rows })
    }
}

pub fn text(value: &str) -> Value {
    json!({ "value": value })
}

pub fn linked(value: &str, id: &str) -> Value {
    json!({ "value": value, "id": id })
}

/// As most reports write money: two decimals, no thousands.
pub fn money(amount: Decimal) -> Value {
    text(&format!("{:.2}", amount))
}

/// Nothing where there is nothing.
pub fn money_or_blank(amount: Decimal) -> Value {
    if amount.is_zero() {
        text("")
    } else {
        money(amount)
    }
}

/// As the general ledger writes it: no more zeros than it takes to look like money, `225.0`.
pub fn short_money(amount: Decimal) -> Value {
    let plain = amount.normalize().to_string();
    if plain.contains('.') {
        text(&plain)
    } else {
        text(&format!("{plain}.0"))
    }
}
