//! Which fields a query may name, and how their values compare.

use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::fields;
use super::query::CompanyTest;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    Id,
    Text,
    Number,
    Date,
    Time,
    Flag,
}

#[derive(Clone, Copy, Debug)]
pub struct CompanyProperty {
    pub name: &'static str,
    pub sort: Sort,
}

impl CompanyProperty {
    /// Ids are opaque: nothing is ordered by them.
    pub fn sorts(&self) -> bool {
        self.sort != Sort::Id
    }

    pub fn allows(&self, test: CompanyTest) -> CompanyDone<()> {
        let fits = match self.sort {
            Sort::Id => matches!(test, CompanyTest::Equal | CompanyTest::In),
            Sort::Flag => matches!(test, CompanyTest::Equal | CompanyTest::In),
            Sort::Text => true,
            Sort::Number | Sort::Date | Sort::Time => test != CompanyTest::Like,
        };
        let message = || {
            CompanyFault::query_invalid(format!(
                "operator is not supported for property '{}'",
                self.name
            ))
        };
        if fits { Ok(()) } else { Err(message()) }
    }
}

const EVERYWHERE: &[(&str, Sort)] = &[
    ("Id", Sort::Id),
    ("MetaData.CreateTime", Sort::Time),
    ("MetaData.LastUpdatedTime", Sort::Time),
];

const PERSON: &[(&str, Sort)] = &[
    ("DisplayName", Sort::Text),
    ("GivenName", Sort::Text),
    ("MiddleName", Sort::Text),
    ("FamilyName", Sort::Text),
    ("CompanyName", Sort::Text),
    ("PrintOnCheckName", Sort::Text),
    ("FullyQualifiedName", Sort::Text),
    ("PrimaryEmailAddr", Sort::Text),
    ("Active", Sort::Flag),
    ("Balance", Sort::Number),
];

const FORM: &[(&str, Sort)] = &[
    ("DocNumber", Sort::Text),
    ("CustomerRef", Sort::Text),
    ("TxnDate", Sort::Date),
    ("TotalAmt", Sort::Number),
    ("Balance", Sort::Number),
];

fn table(entity: CompanyEntity) -> &'static [(&'static str, Sort)] {
    match entity {
        CompanyEntity::Customer | CompanyEntity::Vendor | CompanyEntity::Employee => PERSON,
        CompanyEntity::Item => &[
            ("Name", Sort::Text),
            ("Sku", Sort::Text),
            ("Type", Sort::Text),
            ("Active", Sort::Flag),
            ("Taxable", Sort::Flag),
            ("SubItem", Sort::Flag),
            ("FullyQualifiedName", Sort::Text),
            ("Description", Sort::Text),
        ],
        CompanyEntity::Invoice => &[
            ("DocNumber", Sort::Text),
            ("CustomerRef", Sort::Text),
            ("TxnDate", Sort::Date),
            ("DueDate", Sort::Date),
            ("TotalAmt", Sort::Number),
            ("Balance", Sort::Number),
            ("SalesTermRef", Sort::Text),
            ("ProjectRef", Sort::Text),
        ],
        CompanyEntity::SalesReceipt | CompanyEntity::RefundReceipt | CompanyEntity::CreditMemo => {
            FORM
        }
        CompanyEntity::Payment => &[
            ("CustomerRef", Sort::Text),
            ("TxnDate", Sort::Date),
            ("TotalAmt", Sort::Number),
            ("PaymentMethodRef", Sort::Text),
            ("PaymentRefNum", Sort::Text),
        ],
        CompanyEntity::Purchase => &[
            ("DocNumber", Sort::Text),
            ("TxnDate", Sort::Date),
            ("TotalAmt", Sort::Number),
            ("PaymentType", Sort::Text),
            ("AccountRef", Sort::Text),
        ],
        CompanyEntity::Deposit => &[
            ("TxnDate", Sort::Date),
            ("TotalAmt", Sort::Number),
            ("DepositToAccountRef", Sort::Text),
        ],
        CompanyEntity::Transfer => &[("TxnDate", Sort::Date), ("Amount", Sort::Number)],
        CompanyEntity::JournalEntry => &[("DocNumber", Sort::Text), ("TxnDate", Sort::Date)],
        CompanyEntity::Bill => &[
            ("DocNumber", Sort::Text),
            ("VendorRef", Sort::Text),
            ("APAccountRef", Sort::Text),
            ("TxnDate", Sort::Date),
            ("DueDate", Sort::Date),
            ("TotalAmt", Sort::Number),
            ("Balance", Sort::Number),
            ("SalesTermRef", Sort::Text),
        ],
        CompanyEntity::VendorCredit | CompanyEntity::BillPayment => &[
            ("DocNumber", Sort::Text),
            ("VendorRef", Sort::Text),
            ("APAccountRef", Sort::Text),
            ("TxnDate", Sort::Date),
            ("TotalAmt", Sort::Number),
        ],
        CompanyEntity::TaxAgency => &[("DisplayName", Sort::Text)],
        CompanyEntity::Account => &[
            ("Name", Sort::Text),
            ("FullyQualifiedName", Sort::Text),
            ("AccountType", Sort::Text),
            ("AccountSubType", Sort::Text),
            ("Classification", Sort::Text),
            ("Active", Sort::Flag),
            ("AcctNum", Sort::Text),
        ],
        CompanyEntity::TaxCode | CompanyEntity::TaxRate | CompanyEntity::PaymentMethod => {
            &[("Name", Sort::Text), ("Active", Sort::Flag)]
        }
        CompanyEntity::Class | CompanyEntity::Department => &[
            ("Name", Sort::Text),
            ("FullyQualifiedName", Sort::Text),
            ("Active", Sort::Flag),
        ],
        CompanyEntity::CompanyInfo | CompanyEntity::Preferences => &[],
    }
}

/// Finds the property a query names; case does not matter.
pub fn find(entity: CompanyEntity, name: &str) -> CompanyDone<CompanyProperty> {
    let all = table(entity).iter().chain(EVERYWHERE);
    if let Some((name, sort)) = all.into_iter().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
        return Ok(CompanyProperty { name, sort: *sort });
    }
    let first = name.split('.').next().unwrap_or(name);
    let known = fields::of(entity).unwrap_or_default();
    Err(
        if known.iter().any(|(n, _)| n.eq_ignore_ascii_case(first)) {
            CompanyFault::query_invalid(format!("property '{name}' is not queryable"))
        } else {
            CompanyFault::query_invalid(format!(
                "Property {name} not found for Entity {}",
                entity.name()
            ))
        },
    )
}
