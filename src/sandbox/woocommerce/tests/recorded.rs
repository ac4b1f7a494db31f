//! What a real shop answered, kept as literals: an order with its refund, signed requests,
//! and errors word for word.
//!
//! The keys worked in a laboratory only, and nobody named here exists.

/// An order as the site `https://shop.example.test` showed it, with one refund.
pub const ORDER: &str = r#"{"id":73,"parent_id":0,"status":"completed","currency":"CAD","version":"10.2.4","prices_include_tax":false,"date_created":"2026-02-07T20:24:28","date_modified":"2026-11-20T15:28:52","discount_total":"0.00","discount_tax":"0.00","shipping_total":"12.50","shipping_tax":"1.51","cart_tax":"10.80","total":"114.77","total_tax":"12.31","customer_id":0,"order_key":"wc_order_nFmuslodhATI5","billing":{"first_name":"Alice","last_name":"Nguyen","company":"","address_1":"845 Granville St","address_2":"Suite 210","city":"Vancouver","state":"BC","postcode":"V6Z 1K3","country":"CA","email":"alice@customer.test","phone":"604-555-0101"},"shipping":{"first_name":"Alice","last_name":"Nguyen","company":"","address_1":"845 Granville St","address_2":"Suite 210","city":"Vancouver","state":"BC","postcode":"V6Z 1K3","country":"CA","phone":"604-555-0101"},"payment_method":"stripe","payment_method_title":"Credit Card (Stripe)","transaction_id":"","customer_ip_address":"203.0.113.11","customer_user_agent":"Mozilla\/5.0 (X11; Linux x86_64) AppleWebKit\/537.36","created_via":"checkout","customer_note":"","date_completed":"2026-11-20T15:28:51","date_paid":"2026-02-07T20:26:03","cart_hash":"","number":"73","meta_data":[],"line_items":[{"id":46,"name":"Wool Toque","product_id":11,"variation_id":0,"quantity":3,"tax_class":"","subtotal":"74.97","subtotal_tax":"9.00","total":"74.97","total_tax":"9.00","taxes":[{"id":1,"total":"3.75","subtotal":"3.75"},{"id":2,"total":"5.25","subtotal":"5.25"}],"meta_data":[{"id":349,"key":"_reduced_stock","value":"3","display_key":"_reduced_stock","display_value":"3"}],"sku":"WT-001","global_unique_id":"","price":24.99,"image":{"id":"","src":""},"parent_name":null},{"id":47,"name":"Fleece Mitts","product_id":12,"variation_id":0,"quantity":1,"tax_class":"","subtotal":"14.99","subtotal_tax":"1.80","total":"14.99","total_tax":"1.80","taxes":[{"id":1,"total":"0.75","subtotal":"0.75"},{"id":2,"total":"1.05","subtotal":"1.05"}],"meta_data":[],"sku":"FM-002","global_unique_id":"","price":14.99,"image":{"id":"","src":""},"parent_name":null}],"tax_lines":[{"id":49,"rate_code":"CA-BC-GST-1","rate_id":1,"label":"GST","compound":false,"tax_total":"4.50","shipping_tax_total":"0.63","rate_percent":5,"meta_data":[]},{"id":50,"rate_code":"CA-BC-PST-2","rate_id":2,"label":"PST","compound":false,"tax_total":"6.30","shipping_tax_total":"0.88","rate_percent":7,"meta_data":[]}],"shipping_lines":[{"id":48,"method_title":"Flat rate (Canada Post)","method_id":"flat_rate","instance_id":"1","total":"12.50","total_tax":"1.51","taxes":[{"id":1,"total":"0.63","subtotal":""},{"id":2,"total":"0.88","subtotal":""}],"tax_status":"taxable","meta_data":[{"id":336,"key":"Items","value":"some &times; 1","display_key":"Items","display_value":"some &times; 1"}]}],"fee_lines":[],"coupon_lines":[],"refunds":[{"id":74,"reason":"Damaged in transit","total":"-27.99"}],"payment_url":"https:\/\/shop.example.test\/checkout\/order-pay\/73\/?pay_for_order=true&key=wc_order_nFmuslodhATI5","is_editable":false,"needs_payment":false,"needs_processing":true,"date_created_gmt":"2026-02-08T04:24:28","date_modified_gmt":"2026-11-20T23:28:52","date_completed_gmt":"2026-11-20T23:28:51","date_paid_gmt":"2026-02-08T04:26:03","currency_symbol":"$","_links":{"self":[{"href":"https:\/\/shop.example.test\/wp-json\/wc\/v3\/orders\/73","targetHints":{"allow":["GET","POST","PUT","PATCH","DELETE"]}}],"collection":[{"href":"https:\/\/shop.example.test\/wp-json\/wc\/v3\/orders"}],"email_templates":[{"embeddable":true,"href":"https:\/\/shop.example.test\/wp-json\/wc\/v3\/orders\/73\/actions\/email_templates"}]}}"#;

/// The refunds of that order.
pub const REFUNDS: &str = r#"[{"id":74,"date_created":"2026-11-20T15:28:52","date_created_gmt":"2026-11-20T23:28:52","amount":"27.99","reason":"Damaged in transit","refunded_by":1,"refunded_payment":false,"meta_data":[{"id":44,"key":"_refund_type","value":"partial"}],"line_items":[{"id":51,"name":"Wool Toque","product_id":11,"variation_id":0,"quantity":-1,"tax_class":"","subtotal":"-24.99","subtotal_tax":"-3.00","total":"-24.99","total_tax":"-3.00","taxes":[{"id":1,"total":"-1.25","subtotal":"-1.25"},{"id":2,"total":"-1.75","subtotal":"-1.75"}],"meta_data":[{"id":359,"key":"_refunded_item_id","value":"46","display_key":"_refunded_item_id","display_value":"46"}],"sku":"WT-001","global_unique_id":"","price":24.99,"image":{"id":"","src":""},"parent_name":null}],"shipping_lines":[],"tax_lines":[{"id":52,"rate_code":"CA-BC-GST-1","rate_id":1,"label":"GST","compound":false,"tax_total":"-1.25","shipping_tax_total":"0.00","rate_percent":5,"meta_data":[]},{"id":53,"rate_code":"CA-BC-PST-2","rate_id":2,"label":"PST","compound":false,"tax_total":"-1.75","shipping_tax_total":"0.00","rate_percent":7,"meta_data":[]}],"fee_lines":[],"_links":{"self":[{"href":"https:\/\/shop.example.test\/wp-json\/wc\/v3\/orders\/73\/refunds\/74","targetHints":{"allow":["GET","DELETE"]}}],"collection":[{"href":"https:\/\/shop.example.test\/wp-json\/wc\/v3\/orders\/73\/refunds"}],"up":[{"href":"https:\/\/shop.example.test\/wp-json\/wc\/v3\/orders\/73"}]}}]"#;

/// A signed request for the orders, and the error it got, if any.
pub struct Signed {
    pub name: &'static str,
    pub method: &'static str,
    pub home: &'static str,
    pub query: &'static str,
    pub header: Option<&'static str>,
    pub now: i64,
    pub answer: &'static str,
}

pub const KEY: &str = "ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e";
pub const SECRET: &str = "cs_5f6a7b8c9d5f6a7b8c9d5f6a7b8c9d5f6a7b8c9d";

pub const SIGNED: &[Signed] = &[
    Signed {
        name: "sha256-ok",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217457&oauth_nonce=MONUXbi7GbEFwgaeO4wlUWOC0ymdP015&oauth_signature_method=HMAC-SHA256&oauth_signature=pYI6WJJ7HNOUafk%2F91HnD7nar7Yp%2BNmhcIYvIIQfJpU%3D"#,
        header: None,
        now: 1795217457,
        answer: r#""#,
    },
    Signed {
        name: "sha1-ok",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217457&oauth_nonce=vGLsB8Aw1O6FjoA9iLWBr8eMnmKSeo29&oauth_signature_method=HMAC-SHA1&oauth_signature=lLc0Bi4EiYGEhs4crr0a8AkTUak%3D"#,
        header: None,
        now: 1795217457,
        answer: r#""#,
    },
    Signed {
        name: "header",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id"#,
        header: Some(
            r#"OAuth oauth_consumer_key="ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e", oauth_timestamp="1795217457", oauth_nonce="dvMddfjxHMdjtDXgIRG3k7sEhdLQOD1h", oauth_signature_method="HMAC-SHA256", oauth_signature="qY9zgSHm%2BMmSSiAXektRxeju0u3Lza7lpTot1DBE6QA%3D""#,
        ),
        now: 1795217457,
        answer: r#""#,
    },
    Signed {
        name: "special-chars",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&search=O%27Brien%20%26%20Sons%20%C3%A9%2B%20100%25&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217459&oauth_nonce=xqXCuX18EflyOZ7MTG0sh8RInQMFJNkN&oauth_signature_method=HMAC-SHA256&oauth_signature=2PhO7xEx%2FUq9ceC0PZNbiX36u1aBx4d9J9hLzruj4Ps%3D"#,
        header: None,
        now: 1795217459,
        answer: r#""#,
    },
    Signed {
        name: "array-param",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&include%5B0%5D=1&include%5B1%5D=2&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217459&oauth_nonce=EkQw9fdAxNjVR5jCI6NLpdDDT9XVXzc3&oauth_signature_method=HMAC-SHA256&oauth_signature=9fqNJCFsxG2vvHd7Dh%2FuM1U91LRdp86kH7OUVaDqk9o%3D"#,
        header: None,
        now: 1795217459,
        answer: r#""#,
    },
    Signed {
        name: "port-in-host",
        method: "GET",
        home: "http://127.0.0.1:8099",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217459&oauth_nonce=B1bZBdUj8LxeGdZeGRrchlKyH2Hybcbp&oauth_signature_method=HMAC-SHA256&oauth_signature=vu7vckH%2F%2B%2F2BCBygliAKLCLqFdUw70yYqGdhlWJnRJk%3D"#,
        header: None,
        now: 1795217459,
        answer: r#""#,
    },
    Signed {
        name: "post",
        method: "POST",
        home: "http://shop.example.test",
        query: r#"oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217459&oauth_nonce=q4VWxOaXoZMNKqDvFn60VyYbuls8goih&oauth_signature_method=HMAC-SHA256&oauth_signature=6p8i4dIVhk5Fqh%2FpGgEHdy%2BBU45OTiIlUFYTQa65zWM%3D"#,
        header: None,
        now: 1795217459,
        answer: r#""#,
    },
    Signed {
        name: "oauth",
        method: "GET",
        home: "https://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217457&oauth_nonce=eu2lBjHYYKOzXkT9ZLQVu5jjmKS7ovXN&oauth_signature_method=HMAC-SHA256&oauth_signature=d3XeYcwnxcf5OU%2FsgygCp2dYA2LqKw41THAqiPwnSvs%3D"#,
        header: None,
        now: 1795217457,
        answer: r#""#,
    },
    Signed {
        name: "array-param-nokey",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&status%5B%5D=processing&status%5B%5D=completed&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217459&oauth_nonce=N0Tg2EXijq6MYtt2wKpdZfRNU9seG6F1&oauth_signature_method=HMAC-SHA256&oauth_signature=gywhpUklcAFvO%2BhECfi7QGPyzmSV5gNLpf6gqgrsXpM%3D"#,
        header: None,
        now: 1795217459,
        answer: r#"{"code":"woocommerce_rest_authentication_error","message":"Invalid signature - provided signature does not match.","data":{"status":401}}"#,
    },
    Signed {
        name: "oauth-signed-as-http",
        method: "GET",
        home: "https://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217457&oauth_nonce=1DCWMY0529F3cWuTTf8pPNHoRGPTbFLe&oauth_signature_method=HMAC-SHA256&oauth_signature=0K%2BbrlYxFpwWd4mD1iMUzbgrU1%2BnPfHTUh6LWgEMvac%3D"#,
        header: None,
        now: 1795217457,
        answer: r#"{"code":"woocommerce_rest_authentication_error","message":"Invalid signature - provided signature does not match.","data":{"status":401}}"#,
    },
    Signed {
        name: "bad-signature",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217458&oauth_nonce=wtY4MQ9H34mFMPlJbJre8mH0DevAdMGU&oauth_signature_method=HMAC-SHA256&oauth_signature=AAAAQ77IxFkSQZeqNoUXlpjKw8fmY79I3NxdCNDI%2BO8%3D"#,
        header: None,
        now: 1795217458,
        answer: r#"{"code":"woocommerce_rest_authentication_error","message":"Invalid signature - provided signature does not match.","data":{"status":401}}"#,
    },
    Signed {
        name: "bad-method",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217458&oauth_nonce=ns2z0f1q3Tq7xw7HaCUBJbagJmPOFyRJ&oauth_signature_method=PLAINTEXT&oauth_signature=YW9axWjO7j6BnKGc3EMfahtKCKs%3D"#,
        header: None,
        now: 1795217458,
        answer: r#"{"code":"woocommerce_rest_authentication_error","message":"Invalid signature - signature method is invalid.","data":{"status":401}}"#,
    },
    Signed {
        name: "missing-param",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795217458&oauth_signature_method=HMAC-SHA256&oauth_signature=N16scIc9X7PDuBLWSLQjmBCZ%2BS%2BtHRnIJuUjs3aRTyo%3D"#,
        header: None,
        now: 1795217458,
        answer: r#"{"code":"woocommerce_rest_authentication_missing_parameter","message":"Missing OAuth parameter oauth_nonce","data":{"status":401}}"#,
    },
    Signed {
        name: "old-timestamp",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795216258&oauth_nonce=J9gKu5jq4uBd3n48c2XqUoPYNNAKka3J&oauth_signature_method=HMAC-SHA256&oauth_signature=QhoxFAkbNueGjJflQSkXeOG3XO5ftGv7HDpjQ2VuKJY%3D"#,
        header: None,
        now: 1795217457,
        answer: r#"{"code":"woocommerce_rest_authentication_error","message":"Invalid timestamp.","data":{"status":401}}"#,
    },
    Signed {
        name: "future-timestamp",
        method: "GET",
        home: "http://shop.example.test",
        query: r#"per_page=1&_fields=id&oauth_consumer_key=ck_1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e1a2b3c4d5e&oauth_timestamp=1795218658&oauth_nonce=5ttdd3dNv1MiRtSsLLLceL7A43vJSU3a&oauth_signature_method=HMAC-SHA256&oauth_signature=14tlbyimTYYhdqllKZXuCyeF%2FWrWvaDvSmde96HHHUQ%3D"#,
        header: None,
        now: 1795217457,
        answer: r#"{"code":"woocommerce_rest_authentication_error","message":"Invalid timestamp.","data":{"status":401}}"#,
    },
];

/// Method, address, status and body of what was refused.
pub const REFUSED: &[(&str, &str, u16, &str)] = &[
    (
        "GET",
        "/wp-json/wc/v3/orders?modified_after=&_fields=id&per_page=1",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): modified_after","data":{"status":400,"params":{"modified_after":"Invalid date."},"details":{"modified_after":{"code":"rest_invalid_date","message":"Invalid date.","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?modified_after=2026-11-20&_fields=id&per_page=1",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): modified_after","data":{"status":400,"params":{"modified_after":"Invalid date."},"details":{"modified_after":{"code":"rest_invalid_date","message":"Invalid date.","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?modified_after=1763000000&_fields=id&per_page=1",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): modified_after","data":{"status":400,"params":{"modified_after":"Invalid date."},"details":{"modified_after":{"code":"rest_invalid_date","message":"Invalid date.","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders/99999999",
        404,
        r#"{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/ordersx",
        404,
        r#"{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders/abc",
        404,
        r#"{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?per_page=101",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): per_page","data":{"status":400,"params":{"per_page":"per_page must be between 1 (inclusive) and 100 (inclusive)"},"details":{"per_page":{"code":"rest_out_of_bounds","message":"per_page must be between 1 (inclusive) and 100 (inclusive)","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?per_page=0&orderby=nope",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): per_page, orderby","data":{"status":400,"params":{"per_page":"per_page must be between 1 (inclusive) and 100 (inclusive)","orderby":"orderby is not one of date, id, include, title, slug, and modified."},"details":{"per_page":{"code":"rest_out_of_bounds","message":"per_page must be between 1 (inclusive) and 100 (inclusive)","data":null},"orderby":{"code":"rest_not_in_enum","message":"orderby is not one of date, id, include, title, slug, and modified.","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders/73/refunds/99999999",
        404,
        r#"{"code":"woocommerce_rest_shop_order_refund_invalid_id","message":"Invalid ID.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/settings/general/nope",
        404,
        r#"{"code":"rest_setting_setting_invalid","message":"Invalid setting.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders/99999999/notes",
        404,
        r#"{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid order ID.","data":{"status":404}}"#,
    ),
    (
        "PATCH",
        "/wp-json/wc/v3/orders",
        404,
        r#"{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v4/orders",
        404,
        r#"{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders/99999999/refunds",
        200,
        r#"[]"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?orderby=total&_fields=id",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): orderby","data":{"status":400,"params":{"orderby":"orderby is not one of date, id, include, title, slug, and modified."},"details":{"orderby":{"code":"rest_not_in_enum","message":"orderby is not one of date, id, include, title, slug, and modified.","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?order=ASC&_fields=id",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): order","data":{"status":400,"params":{"order":"order is not one of asc and desc."},"details":{"order":{"code":"rest_not_in_enum","message":"order is not one of asc and desc.","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?page=-1&_fields=id",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): page","data":{"status":400,"params":{"page":"page must be greater than or equal to 1"},"details":{"page":{"code":"rest_out_of_bounds","message":"page must be greater than or equal to 1","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?per_page=abc&_fields=id",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): per_page","data":{"status":400,"params":{"per_page":"per_page is not of type integer."},"details":{"per_page":{"code":"rest_invalid_type","message":"per_page is not of type integer.","data":{"param":"per_page"}}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/orders?per_page=0&_fields=id",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): per_page","data":{"status":400,"params":{"per_page":"per_page must be between 1 (inclusive) and 100 (inclusive)"},"details":{"per_page":{"code":"rest_out_of_bounds","message":"per_page must be between 1 (inclusive) and 100 (inclusive)","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/products/41",
        404,
        r#"{"code":"woocommerce_rest_product_invalid_id","message":"Invalid ID.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/customers/0",
        404,
        r#"{"code":"wc_user_invalid_id","message":"Invalid user ID.","data":{"status":404}}"#,
    ),
    (
        "GET",
        "/wp-json/wc/v3/customers?orderby=modified",
        400,
        r#"{"code":"rest_invalid_param","message":"Invalid parameter(s): orderby","data":{"status":400,"params":{"orderby":"orderby is not one of id, include, name, and registered_date."},"details":{"orderby":{"code":"rest_not_in_enum","message":"orderby is not one of id, include, name, and registered_date.","data":null}}}}"#,
    ),
    (
        "GET",
        "/wp-json//wc/v3/orders?per_page=1&_fields=id",
        404,
        r#"{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}"#,
    ),
];
