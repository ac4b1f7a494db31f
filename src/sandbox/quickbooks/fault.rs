//! What the stand-in answers when it refuses.
//!
//! Each constructor is one documented refusal with its code and wording. A
//! client should decide on code and status alone; the words are there to be shown.

use super::entity::CompanyEntity;
use serde_json::{Map, Value, json};

pub type CompanyDone<T> = Result<T, CompanyFault>;

#[derive(Clone, Debug)]
pub struct CompanyFault {
    pub status: u16,
    pub code: &'static str,
    kind: &'static str,
    message: &'static str,
    detail: String,
    element: Option<String>,
}

const NOT_FOUND: &str = "Object Not Found : Something you're trying to use has been made inactive. \
    Check the fields with accounts, customers, items, vendors or employees.";

impl CompanyFault {
    pub fn new(
        code: &'static str,
        message: &'static str,
        detail: impl Into<String>,
    ) -> CompanyFault {
        CompanyFault {
            status: 400,
            code,
            kind: "ValidationFault",
            message,
            detail: detail.into(),
            element: None,
        }
    }

    fn at(mut self, element: &str) -> CompanyFault {
        self.element = Some(element.to_owned());
        self
    }

    pub fn unknown_field(field: &str, class: &str) -> CompanyFault {
        let detail = format!(
            "Property Name:Unrecognized field \"{field}\" (class com.intuit.schema.finance.v3.{class}), \
             not marked as ignorable\n specified is unsupported or invalid"
        );
        CompanyFault::new(
            "2010",
            "Request has invalid or unsupported property",
            detail,
        )
    }

    pub fn unreadable(detail: &str) -> CompanyFault {
        let detail = format!("Property Name:{detail} specified is unsupported or invalid");
        CompanyFault::new(
            "2010",
            "Request has invalid or unsupported property",
            detail,
        )
    }

    pub fn missing(field: &str) -> CompanyFault {
        CompanyFault::new(
            "2020",
            "Required param missing, need to supply the required value for the API",
            format!("Required parameter {field} is missing in the request"),
        )
        .at(field)
    }

    pub fn bad_id(value: &str) -> CompanyFault {
        CompanyFault::new(
            "2030",
            "Invalid ID",
            format!("Id should be a valid number. Supplied value:{value}"),
        )
        .at("Id")
    }

    pub fn bad_text(field: &str) -> CompanyFault {
        CompanyFault::new(
            "2040",
            "Invalid String",
            format!("Invalid String : {field} contains a character that is not supported"),
        )
        .at(field)
    }

    pub fn length(field: &str, least: usize, most: usize, got: usize) -> CompanyFault {
        CompanyFault::new(
            "2050",
            "String length is either shorter or longer than supported by specification",
            format!(
                "String length specified does not match the supported length. \
                 Min:{least} Max:{most} supported. Supplied length:{got}"
            ),
        )
        .at(field)
    }

    pub fn bad_type(field: &str, expected: &str) -> CompanyFault {
        CompanyFault::new(
            "2120",
            "Invalid Type",
            format!("{field} should be {expected}"),
        )
        .at(field)
    }

    pub fn bad_date(field: &str, value: &str) -> CompanyFault {
        CompanyFault::new(
            "2060",
            "Invalid Date Format",
            format!("{field} is not a date: {value}"),
        )
        .at(field)
    }

    pub fn bad_decimal(field: &str, value: &str) -> CompanyFault {
        CompanyFault::new(
            "2110",
            "Invalid Decimal",
            format!("{field} is not supported: {value}"),
        )
        .at(field)
    }

    pub fn bad_amount(field: &str, value: &str) -> CompanyFault {
        CompanyFault::new(
            "2140",
            "Invalid Amount",
            format!("{field} has too many decimals: {value}"),
        )
        .at(field)
    }

    pub fn bad_enum(field: &str, value: &str) -> CompanyFault {
        CompanyFault::new(
            "2170",
            "Invalid Enumeration",
            format!("Invalid Enumeration : {value}"),
        )
        .at(field)
    }

    pub fn bad_email(field: &str) -> CompanyFault {
        let detail = "Email Address does not conform to the syntax rules of RFC 822.";
        CompanyFault::new("2210", "Invalid Email Address format", detail).at(field)
    }

    pub fn bad_currency(code: &str) -> CompanyFault {
        CompanyFault::new(
            "2220",
            "Invalid Currency Type",
            format!("Invalid currency : {code}"),
        )
        .at("CurrencyRef")
    }

    pub fn negative(field: &str) -> CompanyFault {
        CompanyFault::new(
            "2290",
            "Negative Amount",
            format!("{field} must not be negative"),
        )
        .at(field)
    }

    /// A reference to an object that never was, or that is of another kind.
    pub fn no_such(entity: CompanyEntity, id: &str) -> CompanyFault {
        let list = match entity {
            e if e.is_person() => "Names",
            CompanyEntity::Account => "Accounts",
            CompanyEntity::Item => "Items",
            other => other.name(),
        };
        let detail = format!("Invalid Reference Id : {list} element id {id} not found");
        CompanyFault::new("2500", "Invalid Reference Id", detail)
    }

    /// A reference to an object that is inactive, or work on one that is deleted.
    pub fn not_found() -> CompanyFault {
        CompanyFault::new("610", "Object Not Found", NOT_FOUND).at("")
    }

    pub fn cannot_link(why: &str) -> CompanyFault {
        CompanyFault::new(
            "620",
            "Transaction cannot be linked",
            format!("Transaction cannot be linked : {why}"),
        )
    }

    pub fn bad_request_id() -> CompanyFault {
        let detail = "The request id is too long or empty";
        CompanyFault::new("2130", "Invalid Request Id Format", detail)
    }

    pub fn stale() -> CompanyFault {
        CompanyFault::new(
            "5010",
            "Stale Object Error",
            "Stale Object Error : You and Pat Smith were working on this at the same time. \
             Pat Smith finished before you did, so your work was not saved.",
        )
        .at("")
    }

    pub fn business(text: &str) -> CompanyFault {
        CompanyFault::new(
            "6000",
            "A business validation error has occurred while processing your request",
            format!("Business Validation Error: {text}"),
        )
        .at("")
    }

    pub fn amount_mismatch(supplied: &str) -> CompanyFault {
        CompanyFault::new(
            "6070",
            "Amount calculation incorrect in the request",
            format!(
                "Amount calculation incorrect in the request. Amount is not equal to UnitPrice * Qty. \
                 Supplied value:{supplied}"
            ),
        )
    }

    pub fn duplicate_number(number: &str, entity: CompanyEntity, id: &str) -> CompanyFault {
        let detail = format!(
            "Duplicate Document Number Error : You must specify a different number. This number has already \
             been used. DocNumber={number} is assigned to TxnType={} with TxnId={id}",
            entity.name()
        );
        CompanyFault::new("6140", "Duplicate Document Number Error", detail).at("")
    }

    pub fn duplicate_name(tail: &str) -> CompanyFault {
        let detail = format!("The name supplied already exists. : {tail}");
        CompanyFault::new("6240", "Duplicate Name Exists Error", detail)
    }

    pub fn closed() -> CompanyFault {
        CompanyFault::new(
            "6210",
            "Account Period Closed, Cannot Update Through Services API",
            "The account period has closed and the account books cannot be updated through the QBO Services API. \
             Please use the QBO website to make these changes.",
        )
    }

    pub fn wrong_account(field: &str) -> CompanyFault {
        let detail = format!("Invalid account type used : {field}");
        CompanyFault::new("6430", "Invalid account type used", detail).at(field)
    }

    pub fn in_deposit() -> CompanyFault {
        let detail = "The transaction you are changing is linked to a deposit. Delete it from the deposit first.";
        CompanyFault::new("6540", "Deposited Transaction cannot be changed", detail).at("")
    }

    pub fn foreign_account() -> CompanyFault {
        CompanyFault::business(
            "The currency of the transaction is invalid for customer / vendor / account.",
        )
    }

    pub fn matched() -> CompanyFault {
        let detail =
            "This transaction was matched to a transaction of the bank. Undo the match first.";
        CompanyFault::new("6480", "Transaction matched to a bank transaction", detail).at("")
    }

    pub fn out_of_balance(
        debits: impl std::fmt::Display,
        credits: impl std::fmt::Display,
    ) -> CompanyFault {
        let detail = format!("Transaction is not in balance. Debits: {debits}, credits: {credits}");
        CompanyFault::new("2300", "Amounts do not balance", detail)
    }

    /// What the service can and this stand-in cannot.
    pub fn not_here(what: &str) -> CompanyFault {
        let detail = format!("{what} is not part of this stand-in");
        CompanyFault::new("5030", "Feature Not Supported", detail)
    }

    pub fn query_syntax(near: &str) -> CompanyFault {
        let detail = format!("QueryParserError: Encountered \" {near}");
        CompanyFault::new("4000", "Error parsing query", detail)
    }

    pub fn query_invalid(text: impl std::fmt::Display) -> CompanyFault {
        CompanyFault::new(
            "4001",
            "Invalid query",
            format!("QueryValidationError: {text}"),
        )
    }

    pub fn unsupported(what: &str) -> CompanyFault {
        CompanyFault::new(
            "500",
            "Unsupported Operation",
            format!("Operation {what} is not supported."),
        )
    }

    pub fn system() -> CompanyFault {
        CompanyFault {
            status: 500,
            kind: "SystemFault",
            ..CompanyFault::new(
                "10000",
                "An application error has occurred while processing your request",
                "System Failure Error: Unexpected internal error",
            )
            .at("")
        }
    }

    /// The fault as it stands inside an envelope or a batch item.
    pub fn inner(&self) -> Value {
        let mut error = Map::new();
        error.insert("Message".into(), self.message.into());
        error.insert("Detail".into(), self.detail.as_str().into());
        error.insert("code".into(), self.code.into());
        if let Some(element) = &self.element {
            error.insert("element".into(), element.as_str().into());
        }
        json!({ "Error": [error], "type": self.kind })
    }
}

/// The lower-case form that the gateway uses for 401, with its many nulls.
pub fn unauthorized(detail: &str, millis: i64) -> Value {
    json!({
        "warnings": null,
        "intuitObject": null,
        "fault": {
            "error": [{
                "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                "detail": detail,
                "code": "3200",
                "element": null,
            }],
            "type": "AUTHENTICATION",
        },
        "report": null,
        "queryResponse": null,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": null,
        "requestId": null,
        "time": millis,
        "status": null,
        "cdcresponse": [],
    })
}

/// A token that is good, but not for this company.
pub fn forbidden() -> Value {
    json!({
        "fault": {
            "error": [{
                "message": "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
                "detail": null,
                "code": "3100",
            }],
            "type": "SERVICE",
        }
    })
}

/// The throttle answers in XML, also to those who asked for JSON.
pub fn throttled(time: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><IntuitResponse time=\"{time}\" \
         xmlns=\"http://schema.intuit.com/finance/v3\"><Fault type=\"SERVICE\"><Error code=\"3001\">\
         <Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>\
         <Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"
    )
}
