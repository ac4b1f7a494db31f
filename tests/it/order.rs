//! Orders for tests that do not care much what is in them: one mug, GST, paid by card.

use serde_json::{Value, json};

/// A paid order over 21.00 CAD, 1.00 of it GST.
pub fn order(id: u64) -> Value {
    let address = json!({
        "first_name": "Ann", "last_name": format!("Lee {id}"), "company": "", "address_1": "100 Main St", "address_2": "",
        "city": "Calgary", "state": "AB", "postcode": "T2P 1J9", "country": "CA", "email": format!("ann{id}@example.com"),
        "phone": ""
    });
    json!({
        "id": id, "parent_id": 0, "number": id.to_string(), "status": "processing", "currency": "CAD", "version": "9.8.1",
        "prices_include_tax": false, "discount_total": "0.00", "discount_tax": "0.00",
        "shipping_total": "0.00", "shipping_tax": "0.00", "cart_tax": "1.00", "total": "21.00", "total_tax": "1.00",
        "customer_id": 0, "billing": address, "shipping": address,
        "payment_method": "stripe", "payment_method_title": "Credit Card", "transaction_id": "",
        "created_via": "checkout", "customer_note": "",
        "date_created": "2026-11-02T10:00:00", "date_created_gmt": "2026-11-02T17:00:00",
        "date_modified": "2026-11-02T10:01:00", "date_modified_gmt": "2026-11-02T17:01:00",
        "date_paid": "2026-11-02T10:01:00", "date_paid_gmt": "2026-11-02T17:01:00",
        "date_completed": null, "date_completed_gmt": null,
        "line_items": [{
            "id": id * 10 + 1, "name": "Mug", "product_id": 500, "variation_id": 0, "quantity": 1, "tax_class": "",
            "subtotal": "20.00", "subtotal_tax": "1.00", "total": "20.00", "total_tax": "1.00",
            "taxes": [{ "id": 1, "total": "1.00", "subtotal": "1.00" }], "meta_data": [], "sku": "MUG", "price": 20
        }],
        "tax_lines": [{
            "id": id * 10 + 2, "rate_code": "CA-GST-1", "rate_id": 1, "label": "GST", "compound": false,
            "tax_total": "1.00", "shipping_tax_total": "0.00", "rate_percent": 5, "meta_data": []
        }],
        "shipping_lines": [], "fee_lines": [], "coupon_lines": [], "refunds": [], "meta_data": []
    })
}

pub fn orders(ids: std::ops::RangeInclusive<u64>) -> Vec<Value> {
    ids.map(order).collect()
}

/// The same order with these fields.
pub fn with(mut order: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("fields by name") {
        order[name] = value.clone();
    }
    order
}

/// An order whose tax nothing in the books stands for: it is held.
pub fn unmapped(id: u64) -> Value {
    let mut order = order(id);
    order["line_items"][0]["taxes"][0]["id"] = json!(77);
    order["tax_lines"][0]["rate_id"] = json!(77);
    order["tax_lines"][0]["rate_code"] = json!("CA-NEW-1");
    order["tax_lines"][0]["label"] = json!("New tax");
    order
}

/// The whole of an order given back, as the shop tells it.
pub fn refund(id: u64, order: u64) -> Value {
    json!({
        "id": id, "parent_id": order, "date_created": "2026-11-03T10:00:00", "date_created_gmt": "2026-11-03T17:00:00",
        "amount": "21.00", "reason": "", "refunded_by": 1, "refunded_payment": true, "meta_data": [],
        "line_items": [{
            "id": id * 10 + 1, "name": "Mug", "product_id": 500, "variation_id": 0, "quantity": -1, "tax_class": "",
            "subtotal": "-20.00", "subtotal_tax": "-1.00", "total": "-20.00", "total_tax": "-1.00",
            "taxes": [{ "id": 1, "total": "-1.00", "subtotal": "-1.00" }],
            "meta_data": [{ "id": 1, "key": "_refunded_item_id", "value": (order * 10 + 1).to_string() }],
            "sku": "MUG", "price": 20
        }],
        "tax_lines": [{
            "id": id * 10 + 2, "rate_code": "CA-GST-1", "rate_id": 1, "label": "GST", "compound": false,
            "tax_total": "-1.00", "shipping_tax_total": "0.00", "rate_percent": 5, "meta_data": []
        }],
        "shipping_lines": [], "fee_lines": []
    })
}
