//! Each kind of mistake, with the words and the place of the complaint about it.

use super::complaints;

/// Each kind of mistake: the lines, and the one complaint about them.
#[test]
fn each_mistake_has_its_words_and_its_place() {
    for (lines, complaint) in [
        // Keys
        (
            "[woocomerce]\n",
            "3:2 there is no section `woocomerce` | did you mean `[woocommerce]`?",
        ),
        (
            "[mapping]\nfodler = \"m\"\n",
            "4:1 `[mapping]` has no key `fodler` | did you mean `folder`?",
        ),
        (
            "[mapping]\nxyz = 1\n",
            "4:1 `[mapping]` has no key `xyz` | it can be `folder`",
        ),
        (
            "[books.policy]\ndiscount = \"net\"\n",
            "4:1 `[books.policy]` has no key `discount` | did you mean `discounts`?",
        ),
        (
            "[woocommerce]\n",
            "3:1 `[woocommerce]` needs `url` | write `url = \"https://shop.example.com\"`",
        ),
        (
            "[quickbooks]\n",
            "3:1 `[quickbooks]` needs `environment` | write `environment = \"sandbox\"`",
        ),
        (
            "[supabase]\n",
            "3:1 `[supabase]` needs `url` | write `url = \"https://abc.supabase.co\"`",
        ),
        // Types
        (
            "[mapping]\nfolder = 7\n",
            "4:10 `mapping.folder` must be text in quotes, not `7` | write `\"7\"`",
        ),
        (
            "[mapping]\nfolder = []\n",
            "4:10 `mapping.folder` must be text in quotes, not a list",
        ),
        (
            "[mapping]\nfolder = \" \"\n",
            "4:10 `mapping.folder` must not be empty",
        ),
        (
            "[mapping]\nfolder = \"~/m\"\n",
            "4:10 `mapping.folder` must not begin with `~`: no shell expands it here | \
             write the whole path, or one relative to this file",
        ),
        (
            "[[mapping]]\nfolder = \"m\"\n",
            "3:1 `mapping` must be a section, not a list | write `[mapping]` on a line of its own",
        ),
        (
            "[books.policy]\ncustomer_note = \"true\"\n",
            "4:17 `books.policy.customer_note` must be `true` or `false`, not `true` | \
             write `true` without quotes",
        ),
        (
            "[books.policy]\ninvoice_gateways = \"bacs\"\n",
            "4:20 `books.policy.invoice_gateways` must be a list, not `bacs` | \
             write `invoice_gateways = [\"bacs\"]`",
        ),
        (
            "[books.policy]\nfee_meta = [\"a\", 3]\n",
            "4:18 an item of `books.policy.fee_meta` must be text in quotes, not `3` | write `\"3\"`",
        ),
        // Numbers
        (
            "[sync]\nconfirm_over = -1\n",
            "4:16 `sync.confirm_over` must be a whole number from 0 to 1000000, not `-1`",
        ),
        (
            "[sync]\nconfirm_over = \"10\"\n",
            "4:16 `sync.confirm_over` must be a whole number from 0 to 1000000, not `10` | \
             write `10` without quotes",
        ),
        (
            "[woocommerce]\nurl = \"https://a.ca\"\npage_size = 101\n",
            "5:13 `woocommerce.page_size` must be a whole number from 1 to 100, not `101`",
        ),
        (
            "[quickbooks]\nenvironment = \"sandbox\"\nbatch_size = 31\n",
            "5:14 `quickbooks.batch_size` must be a whole number from 1 to 30, not `31`",
        ),
        (
            "[books.policy]\nrounding_max = \"1.01\"\n",
            "4:16 `books.policy.rounding_max` must be an amount from 0.00 to 1.00, not `1.01`",
        ),
        (
            "[books.policy]\nrounding_max = 0.055\n",
            "4:16 `books.policy.rounding_max` must be a whole number of cents, not `0.055`",
        ),
        (
            "[books.policy.exchange_rates]\nUSD = nan\n",
            "4:7 `books.policy.exchange_rates.USD` must be a rate above 0, in home currency for \
             one unit, not `nan` | write it as `\"1.3650\"`",
        ),
        // Durations and days
        (
            "[woocommerce]\nurl = \"https://a.ca\"\ntimeout = 60\n",
            "5:11 `woocommerce.timeout` must be a duration in quotes, not `60` | write a number \
             and a unit (`s`, `m`, `h` or `d`), such as `60s` or `1h30m`",
        ),
        (
            "[woocommerce]\nurl = \"https://a.ca\"\noverlap = \"8d\"\n",
            "5:11 `woocommerce.overlap` must be from `0s` to `7d`, not `8d`",
        ),
        (
            "[sync.orders]\nstart_date = \"01.02.2026\"\n",
            "4:14 `sync.orders.start_date` must be a day such as `2026-01-01`, not `01.02.2026`",
        ),
        (
            "[sync.orders]\nstart_date = 2026-01-01T00:00:00Z\n",
            "4:14 `sync.orders.start_date` must be a day such as `2026-01-01`, not `2026-01-01T00:00:00Z`",
        ),
        // Words
        (
            "[books.policy]\nguest = \"singel\"\n",
            "4:9 `books.policy.guest` must be `single` or `per_email`, not `singel` | did you mean `single`?",
        ),
        (
            "[books.policy]\namount_only_refund = \"x\"\n",
            "4:22 `books.policy.amount_only_refund` must be `no_tax`, `prorate_tax` or `hold`, not `x`",
        ),
        (
            "[books.policy]\ncancelled_sales_receipt = \"void\"\n",
            "4:27 `books.policy.cancelled_sales_receipt` must be `flag`, not `void`",
        ),
        (
            "[books.policy.status_map]\nwc-packed = \"skip\"\n",
            "4:1 a key of `[books.policy.status_map]` must be a status without the `wc-` of the \
             shop's database | write `packed`",
        ),
        (
            "[sync.orders]\nstatuses = [\"On Hold\"]\n",
            "4:13 an item of `sync.orders.statuses` must be the slug of a status | \
             it has small letters and `-`, such as `on-hold`",
        ),
        // Addresses
        (
            "[woocommerce]\nurl = \"shop.example.com\"\n",
            "4:7 `woocommerce.url` must be an address that begins with `https://`, not \
             `shop.example.com` | write `https://shop.example.com`",
        ),
        (
            "[woocommerce]\nurl = \"https://a.ca/wp-json/wc/v3\"\n",
            "4:7 `woocommerce.url` must be the address of the shop, without `/wp-json` | \
             write what stands before it",
        ),
        (
            "[woocommerce]\nurl = \"https://a:b@a.ca\"\n",
            "4:7 `woocommerce.url` must not hold a user name or password | \
             take out what stands before the `@`",
        ),
        (
            "[woocommerce]\nurl = \"https://a.ca/?lang=en\"\n",
            "4:7 `woocommerce.url` must be an address without `?` and `#` | \
             take out what follows the `?` or `#`",
        ),
        (
            "[supabase]\nurl = \"postgres://a\"\n",
            "4:7 `supabase.url` must not hold the address of a database | \
             set the environment variable `UDSYNC_SUPABASE_DATABASE_URL` instead",
        ),
        (
            "[supabase]\nurl = \"https://a.co\"\nschema = \"my schema\"\n",
            "5:10 `supabase.schema` must be the name of a schema, not `my schema` | \
             it has small letters, digits and `_`, such as `public`",
        ),
        (
            "[quickbooks]\nenvironment = \"sandbox\"\ncompany_id = \"Aurora\"\n",
            "5:14 `quickbooks.company_id` must be digits, not `Aurora` | \
             it is the long number that QuickBooks shows as company id",
        ),
        // Targets
        (
            "[sync]\nto = [\"quickbooks\"]\n",
            "4:7 an item of `sync.to` needs a section `[quickbooks]` | \
             add the section, or take `quickbooks` out",
        ),
        (
            "[sync]\nto = [\"quikbooks\"]\n",
            "4:7 an item of `sync.to` must be `quickbooks` or `supabase`, not `quikbooks` | \
             did you mean `quickbooks`?",
        ),
        (
            "[sync]\nto = []\n",
            "4:6 `sync.to` must name a target | it can hold `quickbooks` and `supabase`",
        ),
        // Books
        (
            "[books]\ntimezone = \"America/Edmontno\"\n",
            "4:12 `books.timezone` must be a time zone such as `America/Edmonton`, not \
             `America/Edmontno` | did you mean `America/Edmonton`?",
        ),
        (
            "[books]\ntimezone = \"Canada/Toronto\"\n",
            "4:12 `books.timezone` must be a time zone such as `America/Edmonton`, not \
             `Canada/Toronto` | did you mean `America/Toronto`?",
        ),
        (
            "[books]\nnumber_prefix = \"WOOCOMM--\"\n",
            "4:17 `books.number_prefix` must have at most 8 characters, not `WOOCOMM--` | \
             a document number has room for 21, and the order's number follows",
        ),
        (
            "[books.policy.exchange_rates]\nusd = \"1\"\n",
            "4:1 a key of `[books.policy.exchange_rates]` must be a currency in capitals, not `usd` | \
             did you mean `USD`?",
        ),
        (
            "[books.deposit]\n\"stripe:US\" = \"Bank\"\n",
            "4:1 a key of `[books.deposit]` must be a currency code such as `USD`, not `US`",
        ),
        (
            "[books.deposit]\n\":USD\" = \"Bank\"\n",
            "4:1 a key of `[books.deposit]` must begin with a payment method | \
             write `stripe`, `stripe:USD`, `\"*:USD\"` or `\"*\"`",
        ),
        (
            "[books.policy]\nnegative_fee_item = \"discuont\"\n",
            "4:21 `books.policy.negative_fee_item` must be a key of `[books.items]`, not `discuont` | \
             did you mean `discount`?",
        ),
        (
            "[books.products.items]\nMUG = \"Mug\"\n",
            "4:1 a key of `[books.products.items]` must be the number of a product or a variation, not `MUG` | \
             the shop shows it as `ID` in its list of products; items with the same SKU are found without it",
        ),
        (
            "[books.products.inventory]\nasset_account = \"Inventory Asset\"\nstart_date = 2026-01-01\n",
            "3:1 `[books.products.inventory]` needs `cogs_account` | write `cogs_account = \"Cost of Goods Sold\"`",
        ),
        (
            "[books.products]\nupdate_prices = true\n",
            "4:1 `[books.products]` has no key `update_prices` | did you mean `update_price`?",
        ),
        (
            "[books.items]\ndiscount = 3\n",
            "4:12 `books.items.discount` must be text in quotes, not `3` | write `\"3\"`",
        ),
        (
            "[books.policy.fee_items]\nTip = \"gratuities\"\n",
            "4:7 `books.policy.fee_items.Tip` must be a key of `[books.items]`, not `gratuities` | \
             add `gratuities = \"…\"` to `[books.items]`, with the name of the item",
        ),
        (
            "[books.policy.fee_items]\nTip = \"fee\"\ntip = \"fee\"\n",
            "5:1 `[books.policy.fee_items]` has `tip` twice | take one out",
        ),
        (
            "[books.policy]\ngateway_fees = \"expense\"\n",
            "4:16 `books.policy.gateway_fees` is `expense`, but no account is named | \
             write `gateway_fees = \"Merchant Fees\"` under `[books]`",
        ),
        (
            "[[books.tax.codes]]\nwoo = []\ncode = \"GST\"\n",
            "4:7 `books.tax.codes[1].woo` names no rate | \
             for lines without tax set `no_tax_code` in `[books.tax]`",
        ),
        (
            "[[books.tax.codes]]\nwoo = [1, \"1\"]\ncode = \"GST\"\n",
            "4:7 `books.tax.codes[1].woo` names a rate twice | take one out",
        ),
        (
            "[[books.tax.codes]]\nwoo = [1]\n",
            "3:1 `books.tax.codes[1]` needs `code` | write `code = \"GST\"`",
        ),
        (
            "[[books.tax.codes]]\ncode = \"GST\"\n",
            "3:1 `books.tax.codes[1]` needs `woo` | write `woo = [\"GST-CA\"]`: the rates that a line carries",
        ),
        (
            "[books.tax]\ncodes = { woo = [1], code = \"GST\" }\n",
            "4:9 `books.tax.codes` must be a list of sections | write `[[books.tax.codes]]` on a line of its own",
        ),
        (
            "[[books.tax.codes]]\nwoo = [\"A\", \"B\"]\ncode = \"X\"\n\
             [[books.tax.codes]]\nwoo = [\"B\", \"A\"]\ncode = \"Y\"\n",
            "7:7 `books.tax.codes[2].woo` repeats `B + A`, which already has the code `X` | \
             a set of rates has one code: take one rule out",
        ),
        // Secrets
        (
            "[woocommerce]\nurl = \"https://a.ca\"\nconsumer_key = \"ck_1\"\n",
            "5:1 `woocommerce.consumer_key` must not stand in this file | take it out, and set \
             the environment variable `UDSYNC_WOOCOMMERCE_KEY` instead",
        ),
        (
            "[quickbooks]\nenvironment = \"sandbox\"\nclient_id = \"AB\"\n",
            "5:1 `quickbooks.client_id` must not stand in this file | take it out, and set \
             the environment variable `UDSYNC_QUICKBOOKS_CLIENT_ID` instead",
        ),
        (
            "[mapping]\npassword = \"x\"\n",
            "4:1 `mapping.password` must not stand in this file | \
             take it out: secrets come from the environment",
        ),
        (
            "[notify.slack]\nurl = \"https://hooks.slack.com/services/T0/B0/x\"\n",
            "4:1 `notify.slack.url` must not stand in this file | take it out, and set \
             the environment variable `UDSYNC_NOTIFY_SLACK_URL` instead",
        ),
        // Notices
        (
            "[notify]\nquiet_hours = \"22-7\"\n",
            "4:15 `notify.quiet_hours` must be two different times of day, not `22-7` | \
             write `\"22:00-07:00\"`",
        ),
        (
            "[notify]\ndigest_at = \"8\"\n",
            "4:13 `notify.digest_at` must be a time of day, not `8` | \
             write hours and minutes: `\"08:00\"`",
        ),
        (
            "[notify.email]\nhost = \"mail.ca\"\nfrom = \"shop\"\nto = [\"a@b.ca\"]\n",
            "5:8 `notify.email.from` must be an address such as `owner@example.com` | \
             name several as a list, each in its own quotes",
        ),
        (
            "[notify.email]\nhost = \"mail.ca\"\ntls = \"none\"\nfrom = \"c@b.ca\"\nto = [\"a@b.ca\"]\n",
            "5:7 `notify.email.tls` would send mail and password in plain text | write `\"starttls\"` \
             or `\"implicit\"`; `\"none\"` is for this machine only",
        ),
        (
            "[notify.email]\nhost = \"mail.ca\"\nfrom = \"c@b.ca\"\n",
            "3:1 `[notify.email]` needs somebody in `to` | write `to = [\"owner@example.com\"]`",
        ),
        (
            "[notify.webhook]\nurl = \"http://example.com/x\"\n",
            "4:7 `notify.webhook.url` would send credentials over plain http | \
             write `https://`; plain http is for this machine only",
        ),
        // The server
        (
            "[serve]\nlisten = \"8460\"\n",
            "4:10 `serve.listen` must be an address and a port, not `8460` | write `\"127.0.0.1:8460\"`",
        ),
        (
            "[serve]\nlisten = \"::1\"\n",
            "4:10 `serve.listen` must be an address and a port, not `::1` | write `\"[::1]:8460\"`",
        ),
        (
            "[serve]\nlisten = \"0.0.0.0:8461\"\n",
            "4:10 `serve.listen` and `serve.hooks_listen` both mean port 8461 | give one of them another port",
        ),
        (
            "[serve]\npublic_url = \"https://example.com/hooks\"\n",
            "4:14 `serve.public_url` must be an address without a path | write `\"https://example.com\"`",
        ),
        (
            "[serve]\nallowed_hosts = [\"books.example.com:443\"]\n",
            "4:18 an item of `serve.allowed_hosts` must be the name of a host, not `books.example.com:443` | \
             write the name alone, without `https://` and port: `books.example.com`",
        ),
        (
            "[serve]\nwebhooks = \"yes\"\n",
            "4:12 `serve.webhooks` must be `true` or `false`, not `yes`",
        ),
        (
            "[serve]\nwebhooks = { woocomerce = false }\n",
            "4:14 `[serve.webhooks]` has no key `woocomerce` | did you mean `woocommerce`?",
        ),
        (
            "[serve]\ntls_cert = \"server.pem\"\n",
            "4:12 `serve.tls_cert` needs `tls_key` beside it | write `tls_key = \"server-key.pem\"`",
        ),
        (
            "[serve]\ntrusted_proxies = [\"10.0.0.0/33\"]\n",
            "4:20 an item of `serve.trusted_proxies` must be an address or a network, not `10.0.0.0/33` | \
             write `\"10.0.0.1\"` or `\"10.0.0.0/8\"`",
        ),
    ] {
        assert_eq!(complaints(lines), [complaint], "{lines}");
    }
}
