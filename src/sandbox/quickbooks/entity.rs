//! The kinds of object this stand-in holds.
//!
//! One table answers how a kind is spelled in a path, in a body and in a query,
//! and which kinds share a run of ids. It knows nothing about their fields.

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum CompanyEntity {
    SalesReceipt,
    Invoice,
    Payment,
    RefundReceipt,
    CreditMemo,
    Purchase,
    Customer,
    Vendor,
    Employee,
    Item,
    Account,
    TaxCode,
    TaxRate,
    PaymentMethod,
    Class,
    Department,
    CompanyInfo,
    Preferences,
}

use CompanyEntity::*;

impl CompanyEntity {
    pub const ALL: [CompanyEntity; 18] = [
        SalesReceipt,
        Invoice,
        Payment,
        RefundReceipt,
        CreditMemo,
        Purchase,
        Customer,
        Vendor,
        Employee,
        Item,
        Account,
        TaxCode,
        TaxRate,
        PaymentMethod,
        Class,
        Department,
        CompanyInfo,
        Preferences,
    ];

    pub fn name(self) -> &'static str {
        match self {
            SalesReceipt => "SalesReceipt",
            Invoice => "Invoice",
            Payment => "Payment",
            RefundReceipt => "RefundReceipt",
            CreditMemo => "CreditMemo",
            Purchase => "Purchase",
            Customer => "Customer",
            Vendor => "Vendor",
            Employee => "Employee",
            Item => "Item",
            Account => "Account",
            TaxCode => "TaxCode",
            TaxRate => "TaxRate",
            PaymentMethod => "PaymentMethod",
            Class => "Class",
            Department => "Department",
            CompanyInfo => "CompanyInfo",
            Preferences => "Preferences",
        }
    }

    /// Finds a kind as bodies spell it.
    pub fn exact(name: &str) -> Option<CompanyEntity> {
        CompanyEntity::ALL.into_iter().find(|e| e.name() == name)
    }

    /// Finds a kind as queries spell it: case does not matter.
    pub fn any_case(name: &str) -> Option<CompanyEntity> {
        CompanyEntity::ALL
            .into_iter()
            .find(|e| e.name().eq_ignore_ascii_case(name))
    }

    /// Finds a kind as paths spell it: all lower case.
    pub fn in_path(name: &str) -> Option<CompanyEntity> {
        if name.bytes().any(|b| b.is_ascii_uppercase()) {
            return None;
        }
        CompanyEntity::any_case(name)
    }

    pub fn is_document(self) -> bool {
        matches!(
            self,
            SalesReceipt | Invoice | Payment | RefundReceipt | CreditMemo | Purchase
        )
    }

    pub fn is_sales_form(self) -> bool {
        matches!(self, SalesReceipt | Invoice | RefundReceipt | CreditMemo)
    }

    /// Customers, vendors and employees share one space of names.
    pub fn is_person(self) -> bool {
        matches!(self, Customer | Vendor | Employee)
    }

    /// List entries that a client can write: the "names" of the service.
    pub fn is_name(self) -> bool {
        self.is_person() || matches!(self, Item | Account | PaymentMethod)
    }

    /// What an object's own name is called in its body.
    pub fn name_field(self) -> &'static str {
        if self.is_person() {
            "DisplayName"
        } else {
            "Name"
        }
    }

    /// Kinds in the same sequence never share an id; others do on purpose, so
    /// that a client which mixes two kinds of id up hits the wrong object.
    pub fn sequence(self) -> usize {
        match self {
            SalesReceipt | Invoice | Payment | RefundReceipt | CreditMemo | Purchase => 0,
            Customer | Vendor | Employee => 1,
            Item => 2,
            Account => 3,
            TaxCode => 4,
            TaxRate => 5,
            PaymentMethod => 6,
            CompanyInfo | Preferences => 7,
            Class => 8,
            Department => 9,
        }
    }

    /// The fields that are looked up so often that they are kept in an index.
    pub fn indexed(self) -> &'static [&'static str] {
        match self {
            SalesReceipt | Invoice | RefundReceipt | CreditMemo => {
                &["DocNumber", "CustomerRef", "TxnDate"]
            }
            Payment => &["PaymentRefNum", "CustomerRef", "TxnDate"],
            Purchase => &["DocNumber", "TxnDate"],
            Customer | Vendor | Employee => &["DisplayName", "PrimaryEmailAddr"],
            Item => &["Name", "Sku"],
            Account | PaymentMethod | TaxCode | TaxRate | Class | Department => &["Name"],
            CompanyInfo | Preferences => &[],
        }
    }
}
