//! The codes by which something is decided, each by its name, so that no room spells them.

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $code;)*

        /// All of them, for the test that looks them up.
        #[cfg(test)]
        pub(super) const NAMED: &[&str] = &[$($code),*];
    };
}

names! {
    /// The run ended before its turn came.
    NOT_REACHED = "not_reached";
    /// Somebody else wrote the same object at the same moment.
    STALE = "stale";
    EDITED_IN_QUICKBOOKS = "edited_in_quickbooks";
    EDITED_AFTER_POSTING = "edited_after_posting";
    /// Both sides of a shared field have a claim to be right.
    CONFLICT_OPEN = "conflict_open";
    /// A shared field was changed on the side that does not own it.
    DRIFT = "drift";
    PERIOD_CLOSED = "period_closed";
    READBACK_MISMATCH = "readback_mismatch";
    DOC_NUMBER_CONFLICT = "doc_number_conflict";
    DUPLICATE_FOUND = "duplicate_found";
    ORDER_ID_REUSED = "order_id_reused";
    SHOP_RENAMED = "shop_renamed";
    /// A refund whose money somebody may have entered in the books already.
    GIVEN_BACK_BY_HAND = "given_back_by_hand";
    VOID_WAITS = "void_waits";
    /// What the comparison with the books finds.
    MISSING_DOCUMENT = "missing_document";
    VOIDED_DOCUMENT = "voided_document";
    REDATED_DOCUMENT = "redated_document";
    AMOUNT_CHANGED = "amount_changed";

    CONFIRMATION_NEEDED = "confirmation_needed";
    CONFIRMATION_REFUSED = "confirmation_refused";
    NOT_CONFIRMED = "not_confirmed";
    TOO_MANY_CHANGES = "too_many_changes";
    STORE_CLONE = "store_clone";
    STORE_SHRUNKEN = "store_shrunken";
    GATEWAY_MISSING = "gateway_missing";
    UNDO_BLOCKED = "undo_blocked";
    RUN_UNKNOWN = "run_unknown";
    UNDO_OF_UNDO = "undo_of_undo";
    /// Its order was taken back, and waits until somebody asks for it.
    UNDONE = "undone";
    /// What would be taken back is kept no more.
    FORMER_CONTENT_GONE = "former_content_gone";
    /// What a run that is taken back leaves in the shop.
    KEPT_IN_SHOP = "kept_in_shop";
    POSTED_ELSEWHERE = "posted_elsewhere";

    KEYRING_LOCKED = "keyring_locked";
    KEY_STORE_UNCHOSEN = "key_store_unchosen";
    KEY_WRONG = "key_wrong";
    SECRET_DAMAGED = "secret_damaged";
    SIGN_IN_DENIED = "sign_in_denied";
    STORE_PLAIN_HTTP = "store_plain_http";
}
