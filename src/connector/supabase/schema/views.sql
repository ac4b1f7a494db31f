-- For questions that are asked every day. Figures are exact, per shop and currency; deleted records are not counted.

-- What was sold and given back, by day and way to pay. An order counts on its day and a refund on its own.
create or replace view {schema}.daily_revenue_by_gateway as
select shop, day, currency, payment_method,
       sum(orders)::bigint as orders,
       sum(revenue) as revenue,
       sum(tax) as tax,
       sum(shipping) as shipping,
       sum(refunds)::bigint as refunds,
       sum(refunded) as refunded,
       sum(revenue) - sum(refunded) as net
  from (
    select o.shop, o.local_date as day, o.currency, o.payment_method,
           1 as orders, o.total as revenue, o.total_tax as tax,
           coalesce(o.shipping_total, 0) as shipping, 0 as refunds, 0::numeric as refunded
      from {schema}.orders o
     where o.deleted_at is null and o.status not in ({unsold})
    union all
    select o.shop, r.local_date, o.currency, o.payment_method,
           0, 0, 0, 0, 1, r.amount
      from {schema}.refunds r
      join {schema}.orders o on o.shop = r.shop and o.id = r.order_id
     where r.deleted_at is null and o.deleted_at is null and o.status not in ({unsold})
  ) as moved
 group by shop, day, currency, payment_method;

-- What was charged and given back of each tax rate, by month.
create or replace view {schema}.tax_by_rate as
with charged as (
    select o.shop, date_trunc('month', o.local_date::timestamp)::date as month, o.currency,
           (line ->> 'rate_id')::bigint as rate_id, line ->> 'rate_code' as rate_code, line ->> 'label' as label,
           coalesce(nullif(line ->> 'tax_total', ''), '0')::numeric
             + coalesce(nullif(line ->> 'shipping_tax_total', ''), '0')::numeric as charged,
           0::numeric as refunded
      from {schema}.orders o
     cross join lateral jsonb_array_elements(case jsonb_typeof(o.tax_lines) when 'array' then o.tax_lines else '[]' end) line
     where o.deleted_at is null and o.status not in ({unsold})
), given_back as (
    select r.shop, date_trunc('month', r.local_date::timestamp)::date as month, o.currency,
           (part ->> 'id')::bigint as rate_id, o.tax_lines,
           0::numeric as charged,
           -coalesce(nullif(part ->> 'total', ''), '0')::numeric as refunded
      from {schema}.refunds r
      join {schema}.orders o on o.shop = r.shop and o.id = r.order_id
     cross join lateral (values (r.lines), (r.shipping_lines), (r.fee_lines)) as kinds (lines)
     cross join lateral jsonb_array_elements(case jsonb_typeof(kinds.lines) when 'array' then kinds.lines else '[]' end) line
     cross join lateral jsonb_array_elements(case jsonb_typeof(line -> 'taxes') when 'array' then line -> 'taxes' else '[]' end) part
     where r.deleted_at is null and o.deleted_at is null and o.status not in ({unsold})
), named as (
    select g.shop, g.month, g.currency, g.rate_id,
           (select line ->> 'rate_code' from jsonb_array_elements(case jsonb_typeof(g.tax_lines) when 'array' then g.tax_lines else '[]' end) line
             where (line ->> 'rate_id')::bigint = g.rate_id limit 1) as rate_code,
           (select line ->> 'label' from jsonb_array_elements(case jsonb_typeof(g.tax_lines) when 'array' then g.tax_lines else '[]' end) line
             where (line ->> 'rate_id')::bigint = g.rate_id limit 1) as label,
           g.charged, g.refunded
      from given_back g
)
select shop, month, currency, rate_id, rate_code, label,
       sum(charged) as charged, sum(refunded) as refunded, sum(charged) - sum(refunded) as net
  from (select * from charged union all select * from named) as moved
 group by shop, month, currency, rate_id, rate_code, label;

-- What each buyer has bought so far. A guest is known by the e-mail address, and is the account that has the same one.
create or replace view {schema}.customer_lifetime_value as
select shop, currency, customer_id, email,
       count(*) as orders, min(local_date) as first_order, max(local_date) as last_order,
       sum(total) as revenue, sum(refunded) as refunded, sum(total) - sum(refunded) as net
  from (
    select o.shop, o.currency, o.local_date, o.total, coalesce(back.refunded, 0) as refunded,
           coalesce(o.customer_id, same.id) as customer_id,
           case when coalesce(o.customer_id, same.id) is null then nullif(o.email, '') else coalesce(own.email, same.email) end as email
      from {schema}.orders o
      left join {schema}.customers own on own.shop = o.shop and own.id = o.customer_id and own.deleted_at is null
      left join lateral (
        select c.id, c.email from {schema}.customers c
         where o.customer_id is null and c.shop = o.shop and c.email = o.email and c.email <> '' and c.deleted_at is null
         order by c.id limit 1
      ) same on true
      left join lateral (
        select sum(r.amount) as refunded from {schema}.refunds r
         where r.shop = o.shop and r.order_id = o.id and r.deleted_at is null
      ) back on true
     where o.deleted_at is null and o.status not in ({unsold})
  ) as bought
 group by shop, currency, customer_id, email;

-- What was sold and has no document in the books, with the word for why where there is one.
create or replace view {schema}.orders_not_in_books as
select o.shop, o.id, o.number, o.status, o.local_date, o.currency, o.total, o.total_tax, o.payment_method,
       (select l.code from {schema}.sync_logs l
         where l.shop = o.shop and l.kind = 'problem' and l.target <> 'supabase' and l.source_entity = 'order' and l.source_id = o.id::text
           and l.status in ('held', 'failed', 'parked', 'conflict', 'set_aside') and l.deleted_at is null
         order by l.started_at desc nulls last, l.id desc limit 1) as code
  from {schema}.orders o
 where o.deleted_at is null and o.status not in ({unsold})
   and not exists (
     select from {schema}.invoices i
      where i.shop = o.shop and i.order_id = o.id and i.role = 'sale' and not i.voided and i.deleted_at is null
   );

-- What udsync asks before it writes: is everything there as it has to be, and may the one who asks write it?
create or replace view {schema}.udsync_state as
select wanted.name,
       (select max(version) from {schema}.udsync_schema) as version,
       exists (
         select from pg_catalog.pg_index i
          where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null
            and i.indnkeyatts = 2 and i.indexprs is null
            and (select array_agg(a.attname::text order by a.attname) from pg_catalog.pg_attribute a
                  where a.attrelid = c.oid and a.attnum = any (i.indkey[0:1])) = array['id', 'shop']
       ) as keyed,
       exists (
         select from pg_catalog.pg_trigger t
          where t.tgrelid = c.oid and t.tgname = 'udsync_keep_newer' and t.tgenabled in ('O', 'A')
       ) as guarded,
       has_table_privilege(c.oid, 'SELECT') and has_table_privilege(c.oid, 'INSERT')
         and has_table_privilege(c.oid, 'UPDATE') as writable,
       row_security_active(c.oid) as barred,
       c.relrowsecurity or not exists (
         select from pg_catalog.pg_roles r
          where r.rolname in ('anon', 'authenticated') and has_table_privilege(r.oid, c.oid, 'SELECT')
       ) as sealed
  from (values {tables}) as wanted (name)
  join pg_catalog.pg_class c on c.oid = to_regclass('{schema}.' || wanted.name);
