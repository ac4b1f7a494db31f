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
    Deposit,
    Transfer,
    JournalEntry,
    Bill,
    VendorCredit,
    BillPayment,
    Customer,
    Vendor,
    Employee,
    Item,
    Account,
    TaxAgency,
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
    pub const ALL: [CompanyEntity; 25] = [
        SalesReceipt,
        Invoice,
        Payment,
        RefundReceipt,
        CreditMemo,
        Purchase,
        Deposit,
        Transfer,
        JournalEntry,
        Bill,
        VendorCredit,
        BillPayment,
        Customer,
        Vendor,
        Employee,
        Item,
        Account,
        TaxAgency,
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
            Deposit => "Deposit",
            Transfer => "Transfer",
            JournalEntry => "JournalEntry",
            Bill => "Bill",
            VendorCredit => "VendorCredit",
            BillPayment => "BillPayment",
            Customer => "Customer",
            Vendor => "Vendor",
            Employee => "Employee",
            Item => "Item",
            Account => "Account",
            TaxAgency => "TaxAgency",
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
            SalesReceipt
                | Invoice
                | Payment
                | RefundReceipt
                | CreditMemo
                | Purchase
                | Deposit
                | Transfer
                | JournalEntry
                | Bill
                | VendorCredit
                | BillPayment
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
        if self.is_person() || self == TaxAgency {
            "DisplayName"
        } else {
            "Name"
        }
    }

    /// Whether documents of this kind settle others of theirs, in part or in whole.
    pub fn settles(self) -> bool {
        matches!(self, Payment | BillPayment)
    }

    /// What a customer owes or is owed, or a vendor, until something settles it; and who settles it.
    pub fn settled_by(self) -> Option<CompanyEntity> {
        match self {
            Invoice | CreditMemo => Some(Payment),
            Bill | VendorCredit => Some(BillPayment),
            _ => None,
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
            Deposit | Transfer | JournalEntry => 10,
            Bill | VendorCredit | BillPayment => 11,
            TaxAgency => 12,
        }
    }

    /// The fields that are looked up so often that they are kept in an index.
    pub fn indexed(self) -> &'static [&'static str] {
        match self {
            SalesReceipt | Invoice | RefundReceipt | CreditMemo => {
                &["DocNumber", "CustomerRef", "TxnDate"]
            }
            Payment => &["PaymentRefNum", "CustomerRef", "TxnDate"],
            Purchase | JournalEntry => &["DocNumber", "TxnDate"],
            Deposit | Transfer => &["TxnDate"],
            Bill | VendorCredit | BillPayment => &["DocNumber", "VendorRef", "TxnDate"],
            Customer | Vendor | Employee => &["DisplayName", "PrimaryEmailAddr"],
            Item => &["Name", "Sku"],
            Account | PaymentMethod | TaxCode | TaxRate | Class | Department => &["Name"],
            TaxAgency | CompanyInfo | Preferences => &[],
        }
    }
}
